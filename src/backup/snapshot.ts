/** Reading a database as it is at one instant, however long that takes and whoever writes meanwhile. */
import { Kysely, sql } from 'kysely';
import { sqlitePath } from '../config/sqlite-path.ts';
import type { DatabaseManager } from '../database/manager.ts';
import { readerDialect } from '../database/sqlite/dialect.ts';
import { ReaderPool } from '../database/sqlite/reader-pool.ts';
import type { Tables } from '../database/tables.ts';
import type { Connection } from './rows.ts';

export async function withSnapshot<T>(
  database: DatabaseManager,
  url: string,
  work: (snapshot: Connection) => Promise<T>,
): Promise<T> {
  const path = sqlitePath(url);
  if (path !== null) return withSqliteSnapshot(path, work);
  return database.reader.transaction().execute(async (trx) => {
    await sql`set transaction isolation level repeatable read, read only`.execute(trx);
    return work(trx);
  });
}

/** One connection, so that all statements are in the transaction that it has begun. */
async function withSqliteSnapshot<T>(path: string, work: (snapshot: Connection) => Promise<T>): Promise<T> {
  const reader = new Kysely<Tables>({ dialect: readerDialect(await ReaderPool.open(path, 1)) });
  try {
    await sql`begin`.execute(reader);
    return await work(reader);
  } finally {
    await reader.destroy();
  }
}
