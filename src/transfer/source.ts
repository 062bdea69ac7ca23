/** What a reader makes of its source: a stream of posts and of things to tell about the rest. */
import type { ImportedPost } from '../blog/posts/post.ts';
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

/** Collects what is to be said about one item while it is being converted. */
export class ItemNotes {
  readonly notices: Notice[] = [];
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Says that the item is imported, but something of it is not. `line` is of the file; the item's own when absent. */
  warn(reason: string, line?: number): void {
    this.notices.push({ kind: 'warning', ...this.#place, line: line ?? this.#place.line, reason });
  }

  /** Lists `count` things that belong to the item and are left out. */
  skip(item: string, reason: string, count = 1): void {
    this.notices.push({ kind: 'skipped', ...this.#place, item, reason, count });
  }
}

/** Runs `convert` for one item; an {@link ItemError} becomes a notice that the item failed. */
export async function* readItem(
  place: Place,
  convert: (notes: ItemNotes) => ImportedPost | null | Promise<ImportedPost | null>,
): AsyncIterable<ReaderEvent> {
  const notes = new ItemNotes(place);
  try {
    const post = await convert(notes);
    yield* notes.notices;
    if (post !== null) yield { kind: 'post', ...place, post };
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
    yield { kind: 'failed', ...place, line: error.line ?? place.line, reason: error.message };
  }
}
