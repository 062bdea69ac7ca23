/** Reads the export of a Ghost site as posts and pages. */
import { type ImportReader, type ReaderEvent, readItem } from '../source.ts';
import { convertPost } from './post.ts';
import { type GhostSite, isRecord, readGhost } from './site.ts';

/** @throws OperatorError when the file cannot be read or is no export of Ghost */
export async function openGhost(file: string): Promise<ImportReader> {
  const site = await readGhost(file);
  return { total: site.posts.length, events: () => readPosts(file, site) };
}

async function* readPosts(file: string, site: GhostSite): AsyncIterable<ReaderEvent> {
  for (const [index, row] of site.posts.entries()) {
    yield* readItem({ file, item: nameOf(row, index) }, (notes) => convertPost(row, site, notes));
  }
}

function nameOf(row: unknown, index: number): string {
  const name = isRecord(row)
    ? [row['title'], row['slug']].find((value) => typeof value === 'string' && value)
    : undefined;
  return typeof name === 'string' ? name : `posts[${index}]`;
}
