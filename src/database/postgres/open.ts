/** Opens a PostgreSQL database: one pool of connections for reading and writing. */
import { setTimeout as wait } from 'node:timers/promises';
import { Kysely, sql, type Transaction } from 'kysely';
import { Client } from 'pg';
import type { DatabaseConfig } from '../../config/schema.ts';
import { OperatorError } from '../../errors.ts';
import type { DatabaseManager } from '../manager.ts';
import { SchemaMigrator } from '../migrator.ts';
import type { Tables } from '../tables.ts';
import { postgresColumnTypes } from './column-types.ts';
import { PooledPostgresDialect } from './dialect.ts';
import { explainConnectFailure, isRefusedParameter, isWorthRetrying } from './failures.ts';
import { connectionOptions, createPatientPool, createPool, placeOf, type Server } from './pool.ts';
import { postgresSearch } from './search.ts';
import { writersEnd } from './writers.ts';

/** 14: the oldest release that PostgreSQL's makers still mend. */
const oldestVersion = 14;
/** Sixteen writers that start at once meet on a row of totals about as often as not, and then wait for one commit. */
const totalShards = 16;
/** How often a transaction that lost against another one is run in all. */
const maxAttempts = 6;
/** Names the migrations among the advisory locks of the database; any number that nobody else uses. */
const migrationLock = 7_202_611_231;

/** @throws OperatorError naming what is wrong with the server, the user or the database, and the fix */
export async function openPostgres(config: DatabaseConfig): Promise<DatabaseManager> {
  if (config.replicaUrls.length > 0) {
    throw new OperatorError('DATABASE_REPLICA_URLS: this release reads from the primary only. Leave it out.');
  }
  const server: Server = { url: config.url, hasSessionSettings: await inspectServer(config.url) };
  const pool = createPool(server, config.poolSize);
  const db = new Kysely<Tables>({ dialect: new PooledPostgresDialect(pool) });
  return {
    kind: 'postgres',
    reader: db,
    search: postgresSearch,
    totalShards,
    transaction: (work) => runTransaction(db, work),
    queue: async (trx, name) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${`broadsheet:${name}`}, 0))`.execute(trx);
    },
    writersEnd: (table) => writersEnd(db, table),
    migrate: () => migrate(server),
    migrationStatus: () => new SchemaMigrator(db, postgresColumnTypes).status(),
    async version() {
      const { rows } = await sql<{
        version: string;
      }>`select current_setting('server_version') as version`.execute(db);
      return `PostgreSQL ${rows[0]?.version ?? ''}`;
    },
    async ping() {
      const start = performance.now();
      await sql`select 1`.execute(db);
      return performance.now() - start;
    },
    async close() {
      if (!pool.ending) await pool.end();
    },
  };
}

/** Connects once, for errors at the start and not in the first request. @returns whether sessions take settings */
async function inspectServer(url: string, hasSessionSettings = true): Promise<boolean> {
  let client: Client | undefined;
  try {
    client = new Client(connectionOptions({ url, hasSessionSettings }));
    client.on('error', () => {});
    await client.connect();
    const { rows } = await client.query<{ version: string; encoding: string }>(
      "select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding",
    );
    const [server] = rows;
    if (server) refuseUnfit(server, placeOf(url));
    return hasSessionSettings;
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    if (hasSessionSettings && isRefusedParameter(error)) return await inspectServer(url, false);
    throw explainConnectFailure(error, placeOf(url));
  } finally {
    await client?.end().catch(() => {});
  }
}

function refuseUnfit({ version, encoding }: { version: string; encoding: string }, place: string): void {
  const major = Math.floor(Number(version) / 10_000);
  if (major < oldestVersion) {
    throw new OperatorError(
      `DATABASE_URL: the server at ${place} is PostgreSQL ${major}. Broadsheet needs ${oldestVersion} or newer.`,
    );
  }
  if (encoding !== 'UTF8') {
    throw new OperatorError(
      `DATABASE_URL: the database at ${place} is encoded in ${encoding}. Create one in UTF-8: createdb --encoding=UTF8 --template=template0 NAME`,
    );
  }
}

/** Each statement sees what was committed before it; a transaction that loses against another one starts over. */
async function runTransaction<T>(
  db: Kysely<Tables>,
  work: (trx: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (attempt === maxAttempts || !isWorthRetrying(error)) throw error;
      // At random, so that those who collided don't collide again.
      await wait(Math.random() * 10 * 2 ** attempt);
    }
  }
}

/**
 * One node migrates, those that start at the same time wait for it. The lock ends with the transaction, so that it
 * holds through a pooler too, and nothing is left of it when the process dies.
 */
async function migrate(server: Server): Promise<string[]> {
  const db = new Kysely<Tables>({ dialect: new PooledPostgresDialect(createPatientPool(server)) });
  try {
    return await db.transaction().execute(async (trx) => {
      await sql.raw('set local statement_timeout = 0; set local lock_timeout = 0').execute(trx);
      await sql`select pg_advisory_xact_lock(${sql.lit(migrationLock)})`.execute(trx);
      return new SchemaMigrator(trx, postgresColumnTypes).migrate();
    });
  } finally {
    await db.destroy();
  }
}
