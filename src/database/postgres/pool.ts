/** Connections to PostgreSQL: how many, for how long, and what values look like. */
import { type ClientConfig, Pool, type PoolConfig, types } from 'pg';

/** Longer than any query of a request takes; what takes longer helps nobody who waits. */
const statementTimeout = 15_000;
/** For a server that says nothing any more: its own timeout comes first where it lives. */
const answerTimeout = statementTimeout + 5_000;
/** For a free connection, or a new one. Requests that would wait longer are better told to come again. */
const acquireTimeout = 5_000;
/** Enough to keep them over the pauses of a quiet blog's readers. */
const idleTimeout = 60_000;
/** Bounds how long connections stay with a server that others have left, after a failover or behind a balancer. */
const maxLifetimeSeconds = 30 * 60;

export interface Server {
  url: string;
  /** False behind a pooler that refuses settings of a session. */
  hasSessionSettings: boolean;
}

export function createPool(server: Server, size: number): Pool {
  return newPool({ ...connectionOptions(server), max: size });
}

/** One connection that waits as long as it takes: for migrations. */
export function createPatientPool({ url }: Server): Pool {
  const { query_timeout: _, ...options } = connectionOptions({ url, hasSessionSettings: false });
  return newPool({ ...options, max: 1 });
}

function newPool(options: PoolConfig): Pool {
  const pool = new Pool({ ...options, idleTimeoutMillis: idleTimeout, maxLifetimeSeconds });
  // A connection that breaks is replaced when one is needed, idle or not; an error that nobody listens to ends the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

export function connectionOptions({ url, hasSessionSettings }: Server): ClientConfig {
  return {
    connectionString: withStandardTlsModes(url),
    connectionTimeoutMillis: acquireTimeout,
    query_timeout: answerTimeout,
    keepAlive: true,
    fallback_application_name: 'broadsheet',
    types: { getTypeParser },
    ...(hasSessionSettings ? { statement_timeout: statementTimeout } : {}),
  };
}

/** Beginning a transaction, with limits that hold without settings of a session too. One round trip. */
export const beginStatement =
  `begin; set local statement_timeout = ${statementTimeout}; ` +
  // Less than the time after which the answer is given up, so that a writer who waits learns why.
  `set local lock_timeout = 10000; set local idle_in_transaction_session_timeout = 30000`;

/**
 * `sslmode` as PostgreSQL documents it (https://www.postgresql.org/docs/current/libpq-ssl.html): `require` encrypts,
 * `verify-full` also makes sure of the server. The driver would take all of them for `verify-full`.
 */
function withStandardTlsModes(url: string): string {
  if (!/[?&]sslmode=/.test(url) || /[?&]uselibpqcompat=/.test(url) || /sslmode=no-verify/.test(url))
    return url;
  return `${url}&uselibpqcompat=true`;
}

/** `HOST:PORT/NAME`, for messages. */
export function placeOf(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url);
  return `${searchParams.get('host') ?? hostname}:${port || '5432'}${pathname}`;
}

/** Points in time as RFC 3339 in UTC with milliseconds, 64-bit counts as numbers; the rest as the driver has it. */
const getTypeParser: typeof types.getTypeParser = (oid, format) => {
  if (oid === types.builtins.TIMESTAMPTZ) return toInstant;
  if (oid === types.builtins.INT8) return Number;
  return types.getTypeParser(oid, format);
};

const parseTimestamp = types.getTypeParser(types.builtins.TIMESTAMPTZ, 'text');

function toInstant(text: string): string {
  return parseTimestamp(text).toISOString();
}
