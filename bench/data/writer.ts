/** Where generated posts go. */
import type { GeneratedPost } from './blog.ts';

export interface BulkWriter {
  /** How many posts were there before; the new ones are numbered from it. */
  readonly existing: number;
  write(generated: GeneratedPost): Promise<void>;
  /** Brings totals and the search index up to date, and commits. */
  finish(): Promise<void>;
}
