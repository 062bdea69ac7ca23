/** What an import or export tells its caller: totals, and everything that was left out, with the place and the reason. */

/** A place in the source: the file as the operator knows it, the 1-based line where known, and which item it is. */
export interface Place {
  file: string;
  line?: number | undefined;
  item: string;
}

/**
 * One thing to tell the operator.
 * - `skipped`: left out by design, such as attachments. Not an error.
 * - `failed`: broken, so nothing of it was imported; makes the exit status 1.
 * - `warning`: imported, but not quite as it was.
 */
export interface Notice extends Place {
  kind: 'skipped' | 'failed' | 'warning';
  reason: string;
  /** How many things it stands for, such as the comments of one post; 1 when absent. */
  count?: number | undefined;
}

export interface ImportReport {
  dryRun: boolean;
  created: number;
  updated: number;
  unchanged: number;
  skipped: number;
  failed: number;
  milliseconds: number;
  notices: Notice[];
  /** 1 when an item failed, otherwise 0. */
  exitStatus: 0 | 1;
}

/** Said by a reader about the item at hand: the item cannot be imported. The message is the reason. */
export class ItemError extends Error {
  readonly line: number | undefined;

  constructor(reason: string, line?: number) {
    super(reason);
    this.name = 'ItemError';
    this.line = line;
  }
}
