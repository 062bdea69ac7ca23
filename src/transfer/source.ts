/** What a reader makes of its source: a stream of posts and of things to tell about the rest. */
import type { ImportedPost } from '../blog/posts/post.ts';
import { fitPost } from './fit.ts';
import { ItemNotes } from './item-notes.ts';
import { ItemError, type Notice, type Place } from './report.ts';

export interface ReadPost extends Place {
  kind: 'post';
  post: ImportedPost;
}

export type ReaderEvent = ReadPost | Notice;

export interface ImportReader {
  /** How many items there are: posts, and skipped and failed ones. Undefined where counting would cost a full read. */
  total: number | undefined;
  events(): AsyncIterable<ReaderEvent>;
}

/** Why an item is no post here. */
export interface NoPost {
  skipped: string;
}

/** Runs `convert` for one item; an {@link ItemError} becomes a notice that the item failed. */
export async function* readItem(
  place: Place,
  convert: (notes: ItemNotes) => ImportedPost | NoPost | Promise<ImportedPost | NoPost>,
): AsyncIterable<ReaderEvent> {
  const notes = new ItemNotes(place);
  try {
    const post = await convert(notes);
    if ('skipped' in post) {
      yield { kind: 'skipped', ...place, reason: post.skipped };
      return;
    }
    const fitted = fitPost(post, notes);
    yield* notes.notices;
    yield { kind: 'post', ...place, post: fitted };
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
    yield { kind: 'failed', ...place, line: error.line ?? place.line, reason: error.message };
  }
}
