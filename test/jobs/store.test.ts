import { sql } from 'kysely';
import { onTestFinished, vi } from 'vitest';
import type { DatabaseManager } from '../../src/database/manager.ts';
import { JobRepository } from '../../src/jobs/repository.ts';
import { openTestDatabase } from '../support/database.ts';
import { MemoryQueue } from './memory-queue.ts';
import { describeJobStore, type TestQueue } from './store-contract.ts';

const start = Date.parse('2026-01-01T00:00:00Z');

/** The test's clock is a row, so that each statement reads the time that holds then. */
async function withClock(database: DatabaseManager): Promise<TestQueue> {
  let now = start;
  const key = 'clock of the test';
  await database.transaction((trx) =>
    trx
      .insertInto('settings')
      .values({ key, value: String(now), updated_at: new Date(now).toISOString() })
      .execute(),
  );
  const time = sql<number>`(select cast(value as bigint) from settings where key = ${sql.lit(key)})`;
  return {
    queue: new JobRepository(database, time),
    now: () => now,
    async advance(milliseconds) {
      now += milliseconds;
      await database.transaction((trx) =>
        trx
          .updateTable('settings')
          .set({ value: String(now) })
          .where('key', '=', key)
          .execute(),
      );
    },
  };
}

describeJobStore('the queue in the database', async () => withClock(await openTestDatabase()));

describeJobStore('the queue that tests of the runner use', async () => {
  let now = start;
  vi.setSystemTime(now);
  onTestFinished(() => void vi.useRealTimers());
  return {
    queue: new MemoryQueue(),
    now: () => now,
    async advance(milliseconds) {
      now += milliseconds;
      vi.setSystemTime(now);
    },
  };
});
