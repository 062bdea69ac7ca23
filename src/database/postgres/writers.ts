/** Who is writing to a table right now, from the locks that every writer holds to the end of its transaction. */
import { setTimeout as wait } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../tables.ts';

/** As long as a transaction of this program takes on a busy server; who waits goes on without it then. */
const patience = 1000;
const firstPause = 2;
const longestPause = 50;

/**
 * Waits until every transaction that had begun to write to the table has ended. What they committed is visible then:
 * PostgreSQL shows a transaction to others before it lets go of its locks, and takes the lock on the table before
 * anything else that an insert does.
 *
 * @returns false when one of them goes on for longer than a second
 */
export async function writersEnd(db: Kysely<Tables>, table: keyof Tables): Promise<boolean> {
  const giveUpAt = performance.now() + patience;
  let waitedFor = await writersOf(db, table);
  for (let pause = firstPause; waitedFor.size > 0; pause = Math.min(pause * 2, longestPause)) {
    if (performance.now() > giveUpAt) return false;
    await wait(pause);
    // Those who came later are none of those who are waited for.
    waitedFor = waitedFor.intersection(await writersOf(db, table));
  }
  return true;
}

async function writersOf(db: Kysely<Tables>, table: keyof Tables): Promise<Set<string>> {
  const { rows } = await sql<{ writer: string }>`select virtualtransaction as writer from pg_locks
    where locktype = 'relation' and relation = ${table}::regclass and mode = 'RowExclusiveLock' and granted
      and database = (select oid from pg_database where datname = current_database())`.execute(db);
  return new Set(rows.map((row) => row.writer));
}
