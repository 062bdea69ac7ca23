/** Writes a whole blog as a folder of Markdown files. */
import { performance } from 'node:perf_hooks';
import type { ExportSource } from '../ports.ts';
import { fileNameFor } from './file-name.ts';
import { ExportFolder } from './folder.ts';
import { fileOf, type Profiles } from './front-matter.ts';

export interface ExportOptions {
  /** Called after each file; how many there will be is not known. */
  onProgress?: (done: number, total: number | undefined) => void;
}

export interface ExportReport {
  posts: number;
  pages: number;
  /** Files of an earlier export in the same folder whose posts are gone. */
  removed: number;
  milliseconds: number;
}

/**
 * Writes every post, whatever its status, to `posts/SLUG.md` or `pages/SLUG.md` in `folder`. Importing the folder into
 * an empty blog gives the same blog; into the blog that it came from, it changes nothing.
 *
 * @throws OperatorError when `folder` cannot be written, or holds anything but an earlier export
 * @example await exportBlog(blog, 'backup/2026-01')
 */
export async function exportBlog(
  source: ExportSource,
  folder: string,
  options: ExportOptions = {},
): Promise<ExportReport> {
  const started = performance.now();
  const target = await ExportFolder.open(folder);
  const profiles = await readProfiles(source);
  const report: ExportReport = { posts: 0, pages: 0, removed: 0, milliseconds: 0 };
  for await (const post of source.posts.exportAll()) {
    const isPage = post.type === 'page';
    await target.write(`${isPage ? 'pages' : 'posts'}/${fileNameFor(post.slug)}`, fileOf(post, profiles));
    report[isPage ? 'pages' : 'posts'] += 1;
    options.onProgress?.(report.posts + report.pages, undefined);
  }
  report.removed = await target.finish();
  report.milliseconds = Math.round(performance.now() - started);
  return report;
}

async function readProfiles({ tags, authors }: ExportSource): Promise<Profiles> {
  return {
    tags: new Map((await tags.list()).map((tag) => [tag.slug, tag])),
    authors: new Map((await authors.list()).map((author) => [author.slug, author])),
  };
}
