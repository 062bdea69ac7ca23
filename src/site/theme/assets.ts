/** The theme's static files, held in memory under addresses that change with their content. */
import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import type { ThemeFiles } from './files.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.avif': 'image/avif',
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

export interface Asset {
  contentType: string;
  content: Buffer;
}

export class ThemeAssets {
  /** One digest over all of them, so that a stylesheet may name its fonts relative to itself. */
  readonly version: string;
  readonly #assets: ReadonlyMap<string, Asset>;

  constructor(files: ThemeFiles) {
    const assets = [...files.values()]
      .filter((file) => file.name.startsWith('assets/'))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((file) => ({ name: file.name.slice('assets/'.length), content: file.content }));
    const digest = createHash('sha256');
    for (const { name, content } of assets) digest.update(`${name}\0${content.length}\0`).update(content);
    this.version = digest.digest('hex').slice(0, 16);
    this.#assets = new Map(
      assets.map(({ name, content }) => [
        name,
        { content, contentType: contentTypes[extname(name).toLowerCase()] ?? 'application/octet-stream' },
      ]),
    );
  }

  find(name: string): Asset | undefined {
    return this.#assets.get(name);
  }

  /** The path to link to. */
  address(name: string): string {
    return `/assets/${this.version}/${name.split('/').map(encodeURIComponent).join('/')}`;
  }
}
