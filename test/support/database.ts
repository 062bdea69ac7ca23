/** A migrated database of a test's own. */
import { sql } from 'kysely';
import { onTestFinished } from 'vitest';
import type { DatabaseManager } from '../../src/database/manager.ts';
import { openDatabase } from '../../src/database/open.ts';
import { createDatabasePlace } from './database-kinds.ts';

export interface TestDatabase extends DatabaseManager {
  readonly url: string;
}

/** The caller closes it, which also removes its files. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { url, remove } = await createDatabasePlace();
  const database = await openDatabase({ url, poolSize: 8, replicaUrls: [] });
  await database.migrate();
  return {
    ...database,
    url,
    async close() {
      await database.close();
      await remove();
    },
  };
}

/** As {@link createTestDatabase}, closed when the running test has finished. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  onTestFinished(database.close);
  return database;
}

const tables = [
  'posts',
  'tags',
  'authors',
  'post_tags',
  'post_totals',
  'revisions',
  'redirects',
  'changes',
  'idempotency_keys',
  'post_search',
];

/** How many rows each table of content has: what must be the same after a request that failed. */
export async function rowCounts({ reader }: DatabaseManager): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(reader);
    counts[table] = rows[0]?.n ?? -1;
  }
  return counts;
}
