/** What the main thread and a SQLite thread say to each other. */
export interface ThreadOptions {
  path: string;
  readOnly: boolean;
}

export type Value = null | number | bigint | string | Uint8Array;

export interface StatementRequest {
  id: number;
  sql: string;
  parameters: readonly Value[];
}

export interface StatementResult {
  rows: Record<string, Value>[];
  changes: number;
}

/** An error flattened for the journey: an Error loses its own properties when it is cloned. */
export interface SqliteFailure {
  message: string;
  /** SQLite's extended result code, such as 2067; 0 where the error isn't SQLite's. */
  resultCode: number;
  /** False when SQLite has rolled back the whole transaction on its own (disk full, I/O error). */
  isInTransaction: boolean;
}

export type StatementResponse =
  | { id: number; result: StatementResult }
  | { id: number; failure: SqliteFailure };

/** Sent once, when the file is open or could not be opened. */
export type OpenResponse = { opened: true } | { opened: false; failure: SqliteFailure };
