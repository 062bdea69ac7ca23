/** Moving a blog in and out: what the command line uses. */
import { openGhost } from './ghost/reader.ts';
import { openMarkdown } from './markdown/reader.ts';
import type { ImportOptions, ImportTarget } from './ports.ts';
import type { ImportReport } from './report.ts';
import { runImport } from './run-import.ts';
import { openWordpress } from './wordpress/reader.ts';

export { type ExportOptions, type ExportReport, exportBlog } from './export/export-blog.ts';
export type { ExportSource, ImportOptions, ImportTarget } from './ports.ts';
export type { ImportReport, Notice } from './report.ts';

/**
 * Imports a folder of Markdown files, or one file.
 *
 * @throws OperatorError when there is nothing to import at `path`
 * @example await importMarkdown(blog.posts, 'content/posts', { onNotice: ({ file, reason }) => log(file, reason) })
 */
export async function importMarkdown(
  posts: ImportTarget,
  path: string,
  options: ImportOptions = {},
): Promise<ImportReport> {
  return runImport(posts, await openMarkdown(path, options.now ?? new Date()), options);
}

/**
 * Imports a WordPress export file (WXR): its posts and pages.
 *
 * @throws OperatorError when the file cannot be read or is no WordPress export
 */
export async function importWordpress(
  posts: ImportTarget,
  path: string,
  options: ImportOptions = {},
): Promise<ImportReport> {
  return runImport(posts, await openWordpress(path), options);
}

/**
 * Imports the JSON export of a Ghost site: its posts and pages.
 *
 * @throws OperatorError when the file cannot be read or is no export of Ghost
 */
export async function importGhost(
  posts: ImportTarget,
  path: string,
  options: ImportOptions = {},
): Promise<ImportReport> {
  return runImport(posts, await openGhost(path), options);
}
