/** Opens a SQLite database: one thread that writes, a few that read. */
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { Kysely, sql } from 'kysely';
import { OperatorError } from '../../errors.ts';
import type { DatabaseManager } from '../manager.ts';
import { SchemaMigrator } from '../migrator.ts';
import type { Tables } from '../tables.ts';
import { sqliteColumnTypes } from './column-types.ts';
import { readerDialect, writerDialect } from './dialect.ts';
import { ReaderPool } from './reader-pool.ts';
import { sqliteSearch } from './search.ts';
import { SqliteThread } from './thread.ts';

/** More readers than cores only wait for each other. */
const maxReaders = Math.max(1, Math.min(4, availableParallelism()));

/** @param path absolute @throws OperatorError naming the file and the fix */
export async function openSqlite(path: string): Promise<DatabaseManager> {
  createFolder(dirname(path));
  // The writer creates the file, so it has to be there first.
  const writerThread = await SqliteThread.open({ path, readOnly: false });
  const readers = await openReaders(path, writerThread);
  const writer = new Kysely<Tables>({ dialect: writerDialect(writerThread) });
  const reader = new Kysely<Tables>({ dialect: readerDialect(readers) });
  const migrator = new SchemaMigrator(writer, sqliteColumnTypes);
  return {
    kind: 'sqlite',
    reader,
    search: sqliteSearch,
    // One writer at a time: there is nobody to queue.
    totalShards: 1,
    transaction: (work) => writer.transaction().execute(work),
    // Writers are in one queue as it is.
    queue: async () => {},
    // There is one at a time, and its changes are numbered in the order of their commits.
    writersEnd: async () => true,
    migrate: () => migrator.migrate(),
    migrationStatus: () => migrator.status(),
    async version() {
      const { rows } = await sql<{ version: string }>`select sqlite_version() as version`.execute(reader);
      return `SQLite ${rows[0]?.version ?? ''}`;
    },
    async ping() {
      const start = performance.now();
      await sql`select 1`.execute(reader);
      return performance.now() - start;
    },
    async close() {
      await reader.destroy();
      await writer.destroy();
      // Kysely leaves alone what it never used, and a thread that stays would keep the process from ending.
      await Promise.all([writerThread.close(), readers.close()]);
    },
  };
}

async function openReaders(path: string, writerThread: SqliteThread): Promise<ReaderPool> {
  try {
    return await ReaderPool.open(path, maxReaders);
  } catch (error) {
    await writerThread.close();
    throw error;
  }
}

function createFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError(
      `DATABASE_URL: the folder ${folder} cannot be created (${reason}). Create it, or choose another path.`,
    );
  }
}
