/** The change log as the cache reads it: the source of truth for what was invalidated. */

export interface LoggedChange {
  /** Ascending, without a row that becomes visible later with a lower number. */
  readonly sequence: number;
  readonly tags?: readonly string[];
  readonly keys?: readonly string[];
  readonly patterns?: readonly string[];
}

/**
 * With a change log, every invalidation that other nodes must see has to be in it: it is what a node catches up from when
 * the shared tier has lost its memory. Rows have to be kept for as long as entries live.
 */
export interface ChangeLogSource {
  /** The next rows after this one, in order; empty at the end. May give them in pages. */
  readSince(sequence: number): Promise<readonly LoggedChange[]>;
  /** The last row's number; 0 for an empty log. */
  latest(): Promise<number>;
}
