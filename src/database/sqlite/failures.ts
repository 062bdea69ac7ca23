/** SQLite's result codes (https://sqlite.org/rescode.html), turned into the errors of this program. */
import { BroadsheetError, OperatorError } from '../../errors.ts';
import { UniqueViolation } from '../failures.ts';
import type { SqliteFailure } from './protocol.ts';

const primary = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;
const uniqueConstraint = 2067;
const primaryKeyConstraint = 1555;

/** An error as SQLite gave it, with the statement for the log and without its values. */
export class SqliteError extends Error {
  readonly resultCode: number;
  readonly isInTransaction: boolean;
  readonly sql: string | undefined;

  constructor(message: string, resultCode: number, isInTransaction: boolean, sql?: string) {
    super(message);
    this.name = 'SqliteError';
    this.resultCode = resultCode;
    this.isInTransaction = isInTransaction;
    this.sql = sql;
  }
}

/** The thread of a connection has ended; its memory ran out, most likely. */
export class ThreadEnded extends Error {
  constructor(options?: ErrorOptions) {
    super('the SQLite thread has ended', options);
    this.name = 'ThreadEnded';
  }
}

/** For the start: names the setting, the file and the fix. */
export function translateFailure(failure: SqliteFailure, path: string): OperatorError {
  const fixes: Record<number, string> = {
    [primary.notADatabase]:
      'is not a SQLite database. Point DATABASE_URL at another file, or move this one away',
    [primary.corrupt]: 'is damaged. Restore a backup, or try sqlite3 .recover on a copy',
    [primary.cannotOpen]: 'cannot be opened. Check that its folder exists and may be written by this user',
    [primary.readOnly]: 'cannot be written. Give this user write access to the file and its folder',
    [primary.full]: 'cannot grow: the disk is full. Free some space',
    [primary.busy]: 'is locked by another program. Stop that one first',
  };
  const fix = fixes[failure.resultCode & 0xff] ?? `cannot be used: ${failure.message}`;
  return new OperatorError(`DATABASE_URL: the file ${path} ${fix}.`);
}

/** For a statement of a request: a coded error where the user should know, else the error as it was. */
export function translateStatementError(error: unknown): unknown {
  if (error instanceof ThreadEnded) return unavailable(error);
  if (!(error instanceof SqliteError)) return error;
  if (error.resultCode === uniqueConstraint || error.resultCode === primaryKeyConstraint) {
    const column = /constraint failed: (\S+?)(,|$)/.exec(error.message)?.[1] ?? 'value';
    return new UniqueViolation(column, { cause: error });
  }
  switch (error.resultCode & 0xff) {
    case primary.full:
      return new BroadsheetError('storage_full', 'The disk of the database is full. Nothing was changed.', {
        cause: error,
      });
    case primary.readOnly:
    case primary.ioError:
    case primary.cannotOpen:
    case primary.busy:
    case primary.locked:
      return unavailable(error);
    default:
      return error;
  }
}

function unavailable(cause: Error): BroadsheetError {
  return new BroadsheetError(
    'database_unavailable',
    'The database cannot be used right now. Nothing was changed.',
    { cause, headers: { 'retry-after': '2' } },
  );
}
