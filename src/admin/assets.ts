/** The admin's stylesheet and script, held in memory under addresses that change with their content. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { BroadsheetError } from '../errors.ts';

const contentTypes = {
  'admin.css': 'text/css; charset=utf-8',
  'admin.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};
type AssetName = keyof typeof contentTypes;

export class AdminAssets {
  readonly #contents: ReadonlyMap<string, { type: string; content: Buffer }>;
  readonly #version: string;

  constructor() {
    const digest = createHash('sha256');
    const assets = Object.entries(contentTypes).map(([name, type]) => {
      const content = readFileSync(new URL(`assets/${name}`, import.meta.url));
      digest.update(content);
      return [name, { type, content }] as const;
    });
    this.#contents = new Map(assets);
    this.#version = digest.digest('hex').slice(0, 16);
  }

  /** The path to link to. */
  address(name: AssetName): string {
    return `/admin/assets/${this.#version}/${name}`;
  }

  register(app: FastifyInstance): void {
    app.get<{ Params: { version: string; name: string } }>('/assets/:version/:name', (request, reply) => {
      const asset = this.#contents.get(request.params.name);
      if (!asset) throw new BroadsheetError('not_found', 'The admin has no such file.');
      const isCurrent = request.params.version === this.#version;
      // Another version may be asked for while nodes are updated one by one.
      reply.header('cache-control', isCurrent ? 'public, max-age=31536000, immutable' : 'public, max-age=60');
      return reply.type(asset.type).send(asset.content);
    });
  }
}
