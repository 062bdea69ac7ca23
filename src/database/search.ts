/** Full-text search as the repositories see it; each database has its own index behind it. */
import type { AliasedRawBuilder, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

export interface SearchDocument {
  title: string;
  tags: string[];
  /** The words of the content, without markup. */
  text: string;
}

export interface SearchIndex {
  /** Adds the post to the index, or renews it. */
  put(trx: Transaction<Tables>, postId: string, document: SearchDocument): Promise<void>;
  /** To be called before the post itself is deleted. */
  remove(trx: Transaction<Tables>, postId: string): Promise<void>;
  /** A table expression to join: which posts match, lowest rank first. Null when the query has no word in it. */
  hits(query: string): AliasedRawBuilder<{ post_id: string; rank: number }, 'hit'> | null;
}

/** Queries are cut off here: further words narrow nothing that a person would notice. */
const maxQueryWords = 16;

/** Runs of letters, digits and marks: what both databases take for words. */
export function wordsOf(text: string): string[] {
  return text.toWellFormed().match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

export function queryWords(query: string): string[] {
  return wordsOf(query).slice(0, maxQueryWords);
}
