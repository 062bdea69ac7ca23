/** What all commands on whole databases share. */
import { existsSync } from 'node:fs';
import { redactUrl } from '../config/redact.ts';
import { sqlitePath } from '../config/sqlite-path.ts';
import { OperatorError } from '../errors.ts';

export interface TransferOptions {
  /** Replaces what is at the target. */
  force: boolean;
  /** Called often. A backup counts bytes, anew for each of its steps; a copy counts rows. */
  onProgress(done: number, total: number): void;
}

/** The file of a SQLite URL. @throws OperatorError when there is none */
export function existingFile(url: string): string {
  const path = sqlitePath(url);
  if (path === null) {
    throw new OperatorError(`${redactUrl(url)} is not a SQLite database; back it up with pg_dump.`);
  }
  if (!existsSync(path)) throw new OperatorError(`There is no database at ${path}. Check the URL.`);
  return path;
}
