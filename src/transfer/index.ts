/** Moving a blog in and out: what the command line uses. */
import { openMarkdown } from './markdown/reader.ts';
import type { ImportOptions, ImportTarget } from './ports.ts';
import type { ImportReport } from './report.ts';
import { runImport } from './run-import.ts';

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
