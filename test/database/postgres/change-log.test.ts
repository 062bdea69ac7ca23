/** PostgreSQL gives out numbers before transactions commit: a reader must not pass by one that commits late. */
import type { Transaction } from 'kysely';
import { expect, it } from 'vitest';
import { appendChange, ChangeLogRepository } from '../../../src/blog/changes-repository.ts';
import type { DatabaseManager } from '../../../src/database/manager.ts';
import type { Tables } from '../../../src/database/tables.ts';
import { openTestDatabase } from '../../support/database.ts';

const append = (trx: Transaction<Tables>, tag: string) =>
  appendChange(trx, { kind: 'post.updated', subjectId: tag, tags: [tag], at: '2026-01-01T00:00:00.000Z' });

interface SlowWriter {
  number: number;
  commit(): Promise<void>;
  rollBack(): Promise<void>;
}

/** A transaction that has appended a change and is not committed yet. */
async function slowWriter(database: DatabaseManager, tag: string): Promise<SlowWriter> {
  const appended = Promise.withResolvers<number>();
  const end = Promise.withResolvers<void>();
  const ended = database.transaction(async (trx) => {
    appended.resolve(await append(trx, tag));
    await end.promise;
  });
  return {
    number: await appended.promise,
    async commit() {
      end.resolve();
      await ended;
    },
    async rollBack() {
      end.reject(new Error('rolled back'));
      await ended.catch(() => {});
    },
  };
}

it('waits for a slow transaction with a low number that commits last', async () => {
  const database = await openTestDatabase();
  const asked = Promise.withResolvers<void>();
  const log = new ChangeLogRepository({
    ...database,
    writersEnd(table) {
      asked.resolve();
      return database.writersEnd(table);
    },
  });
  const slow = await slowWriter(database, 'slow');
  const fast = await database.transaction((trx) => append(trx, 'fast'));
  expect(slow.number).toBeLessThan(fast);
  const reading = log.readSince(0);
  // It has seen the fast one by then.
  await Promise.race([asked.promise, reading]);
  const latest = log.latest();
  await slow.commit();
  expect((await reading).map(({ tags }) => tags)).toEqual([['slow'], ['fast']]);
  expect(await latest).toBe(fast);
});

it('gives what is certain when a transaction goes on for too long, and the rest when it is over', async () => {
  const database = await openTestDatabase();
  const log = new ChangeLogRepository(database);
  const first = await database.transaction((trx) => append(trx, 'first'));
  const stuck = await slowWriter(database, 'stuck');
  await database.transaction((trx) => append(trx, 'last'));
  expect((await log.readSince(0)).map(({ tags }) => tags)).toEqual([['first']]);
  await expect(log.latest()).rejects.toThrow('longer than a second');
  await stuck.commit();
  expect((await log.readSince(first)).map(({ tags }) => tags)).toEqual([['stuck'], ['last']]);
});

it('passes by what was rolled back, while others go on writing', async () => {
  const database = await openTestDatabase();
  const log = new ChangeLogRepository(database);
  const undone = await slowWriter(database, 'undone');
  const last = await database.transaction((trx) => append(trx, 'kept'));
  await undone.rollBack();
  expect((await log.readSince(0)).map(({ tags }) => tags)).toEqual([['kept']]);
  const later = await slowWriter(database, 'later');
  // Nothing is missing before what was seen, so nobody is waited for.
  expect(await log.readSince(last)).toEqual([]);
  await later.rollBack();
});

it('is not held up by a long transaction that has nothing to do with it', async () => {
  const database = await openTestDatabase();
  const log = new ChangeLogRepository(database);
  const end = Promise.withResolvers<void>();
  const unrelated = database.transaction(async (trx) => {
    await trx
      .insertInto('settings')
      .values({ key: 'k', value: 'v', updated_at: '2026-01-01T00:00:00Z' })
      .execute();
    await end.promise;
  });
  const undone = await slowWriter(database, 'undone');
  const kept = await database.transaction((trx) => append(trx, 'kept'));
  await undone.rollBack();
  expect((await log.readSince(0)).map(({ sequence }) => sequence)).toEqual([kept]);
  expect(await log.latest()).toBe(kept);
  end.resolve();
  await unrelated;
});
