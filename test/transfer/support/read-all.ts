/** Reads a source to its end, for tests. */
import type { ImportedPost } from '../../../src/blog/posts/post.ts';
import type { Notice } from '../../../src/transfer/report.ts';
import type { ImportReader } from '../../../src/transfer/source.ts';

export interface ReadAll {
  posts: ImportedPost[];
  notices: Notice[];
  /** `kind line: reason` of each notice, which is what most tests look at. */
  lines: string[];
}

export async function readAll(reader: ImportReader): Promise<ReadAll> {
  const all: ReadAll = { posts: [], notices: [], lines: [] };
  for await (const event of reader.events()) {
    if (event.kind === 'post') {
      all.posts.push(event.post);
      continue;
    }
    all.notices.push(event);
    all.lines.push(`${event.kind} ${event.line ?? '-'}: ${event.reason}`);
  }
  return all;
}
