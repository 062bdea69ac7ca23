/** PostgreSQL's error codes (https://www.postgresql.org/docs/current/errcodes-appendix.html), turned into the errors of this program. */
import { DatabaseError } from 'pg';
import { BroadsheetError, OperatorError } from '../../errors.ts';
import { UniqueViolation } from '../failures.ts';

/** What to do about a connection that can't be made, by SQLSTATE or by the system's error code. */
const startFixes: Record<string, string> = {
  '28P01': 'the server refuses the password. Correct user and password in DATABASE_URL',
  '28000': 'the server refuses this user. Check the user in DATABASE_URL and the server’s pg_hba.conf',
  '3D000': 'there is no such database. Create it (createdb NAME), or correct the name in DATABASE_URL',
  '42501':
    'the user may not create tables. Make it the owner of the database, or grant it create on its schema',
  '53300': 'the server has no connection left. Lower DATABASE_POOL_SIZE, or raise its max_connections',
  ENOTFOUND: 'the host is unknown. Correct the host in DATABASE_URL',
  EAI_AGAIN: 'the host name can’t be looked up. Correct the host in DATABASE_URL, or mend the name service',
  ECONNREFUSED: 'nothing listens there. Start PostgreSQL, or correct host and port in DATABASE_URL',
  ECONNRESET:
    'the server closed the connection. Check that it is PostgreSQL and whether it wants TLS (?sslmode=require)',
  ENOENT: 'the socket or certificate file is not there. Correct its path in DATABASE_URL',
  ETIMEDOUT: 'the host does not answer. Correct the host in DATABASE_URL, or open the way in the firewall',
};

/** For the start. @param place `HOST:PORT/NAME`, without credentials */
export function explainConnectFailure(error: unknown, place: string): OperatorError {
  const message = error instanceof Error ? error.message : String(error);
  const fix = startFixes[codeOf(error)] ?? fixByMessage(message) ?? `${message}. Correct DATABASE_URL`;
  return new OperatorError(`DATABASE_URL: cannot use PostgreSQL at ${place}: ${fix}.`, { cause: error });
}

function fixByMessage(message: string): string | undefined {
  if (/does not support SSL/.test(message))
    return 'it has no TLS. Leave sslmode out of DATABASE_URL, or turn TLS on';
  if (/self-signed|certificate|altnames/i.test(message))
    return `its certificate can’t be verified (${message}). Name its authority with sslrootcert=FILE in DATABASE_URL`;
  if (/password must be a string|empty password|no password/i.test(message))
    return 'it wants a password. Put it into DATABASE_URL: postgres://USER:PASSWORD@HOST/NAME';
  if (/timeout/i.test(message)) return startFixes['ETIMEDOUT'];
  return undefined;
}

/** A pooler between here and the server knows no such setting of a session. */
export function isRefusedParameter(error: unknown): boolean {
  return error instanceof Error && /unsupported startup parameter/.test(error.message);
}

/** The transaction lost against another one and may be run again from its beginning. */
export function isWorthRetrying(error: unknown): boolean {
  const code = codeOf(error instanceof BroadsheetError ? error.cause : error);
  return code === '40001' || code === '40P01';
}

/** Whether the connection is of no use any more, whatever the statement was. */
export function isConnectionLost(error: unknown): boolean {
  // A server's answer leaves it usable, unless the server says that it is going.
  if (error instanceof DatabaseError) return /^(57P0[1-5]|08...|XX...)$/.test(error.code ?? '');
  return true;
}

/** For a statement of a request: a coded error where the user should know, else the error as it was. */
export function translateStatementError(error: unknown): unknown {
  if (error instanceof BroadsheetError || !(error instanceof Error)) return error;
  if (!(error instanceof DatabaseError)) return unavailable(error);
  const code = error.code ?? '';
  if (code === '23505') return new UniqueViolation(columnOf(error), { cause: error });
  if (code === '53100') {
    return new BroadsheetError('storage_full', 'The disk of the database is full. Nothing was changed.', {
      cause: error,
    });
  }
  // 08 connection, 53 resources, 57 going down or statement cancelled, 25006 a primary that became a replica, 55P03 lock not got.
  if (/^(08|53|57)|^(25006|55P03)$/.test(code)) return unavailable(error);
  return error;
}

/** The connection was lost while the server committed: only the database knows whether it did. */
export function commitUnknown(cause: unknown): BroadsheetError {
  return unavailable(cause, 'Whether the change was stored is not known: look before you repeat it.');
}

function unavailable(cause: unknown, detail = 'Nothing was changed.'): BroadsheetError {
  return new BroadsheetError('database_unavailable', `The database cannot be used right now. ${detail}`, {
    cause,
    headers: { 'retry-after': '2' },
  });
}

/** `posts.slug` from `Key (slug)=(hello) already exists.` */
function columnOf({ table, detail }: DatabaseError): string {
  const column = /^Key \("?([^",)]+)/.exec(detail ?? '')?.[1];
  return column === undefined ? 'value' : `${table}.${column}`;
}

function codeOf(error: unknown): string {
  // A host with several addresses fails with one error for each.
  const single = error instanceof AggregateError ? error.errors[0] : error;
  return single instanceof Error && 'code' in single ? String(single.code) : '';
}
