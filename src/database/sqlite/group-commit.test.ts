import fc from 'fast-check';
import { sql, type Transaction } from 'kysely';
import { expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { UniqueViolation } from '../failures.ts';
import type { Tables } from '../tables.ts';

const at = '2026-01-01T00:00:00.000Z';

async function put(trx: Transaction<Tables>, key: string): Promise<void> {
  await trx.insertInto('settings').values({ key, value: key, updated_at: at }).execute();
}

async function keys({ reader }: TestDatabase): Promise<string[]> {
  const rows = await reader.selectFrom('settings').select('key').orderBy('key').execute();
  return rows.map((row) => row.key);
}

/** SQLite checks a deferred foreign key at the COMMIT, so this one fails there and not before. */
async function breakTheCommit(trx: Transaction<Tables>): Promise<void> {
  await sql`pragma defer_foreign_keys = on`.execute(trx);
  await trx
    .insertInto('sessions')
    .values({ hash: 'x', user_id: 'nobody', created_at: at, expires_at: at })
    .execute();
}

it('commits what succeeds and nothing of what fails, however they are mixed', async () => {
  const database = await openTestDatabase();
  let round = 0;
  const outcome = fc.constantFrom('commits', 'throws', 'throws late', 'collides');
  await fc.assert(
    fc.asyncProperty(fc.array(outcome, { minLength: 1, maxLength: 150 }), async (outcomes) => {
      round += 1;
      await database.transaction((trx) => trx.deleteFrom('settings').execute());
      await database.transaction((trx) => put(trx, 'taken'));
      const settled = await Promise.allSettled(
        outcomes.map((wanted, index) =>
          database.transaction(async (trx) => {
            if (wanted === 'throws') throw new Error('refused');
            await put(trx, `${round}-${index}`);
            await put(trx, `${round}-${index}-b`);
            if (wanted === 'throws late') throw new Error('refused');
            if (wanted === 'collides') await put(trx, 'taken');
          }),
        ),
      );
      const expected = outcomes.flatMap((wanted, index) =>
        wanted === 'commits' ? [`${round}-${index}`, `${round}-${index}-b`] : [],
      );
      expect(await keys(database)).toEqual([...expected, 'taken'].toSorted());
      expect(settled.map(({ status }) => status === 'fulfilled')).toEqual(
        outcomes.map((wanted) => wanted === 'commits'),
      );
    }),
    { numRuns: 25 },
  );
});

it('runs transactions in the order in which they came', async () => {
  const database = await openTestDatabase();
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      database.transaction(async (trx) => {
        await put(trx, String(index));
        order.push(index);
      }),
    ),
  );
  expect(order).toEqual(order.toSorted((left, right) => left - right));
});

it('shows a committed write to every reader at once', async () => {
  const database = await openTestDatabase();
  await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      await database.transaction((trx) => put(trx, `k${index}`));
      const seen = await Promise.all(Array.from({ length: 4 }, () => keys(database)));
      for (const found of seen) expect(found).toContain(`k${index}`);
    }),
  );
});

it('fails the whole group when its commit fails, and goes on with the next', async () => {
  const database = await openTestDatabase();
  const first = [put, breakTheCommit, put].map((work, index) =>
    database.transaction((trx) => work(trx, `first${index}`)),
  );
  const settled = await Promise.allSettled(first);
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(await keys(database)).toEqual([]);
  await database.transaction((trx) => put(trx, 'after'));
  expect(await keys(database)).toEqual(['after']);
});

it('leaves the next transaction whole when a commit fails, whenever it begins', async () => {
  const database = await openTestDatabase();
  for (let delay = 0; delay < 30; delay += 1) {
    const broken = database.transaction(breakTheCommit);
    broken.catch(() => {});
    for (let tick = 0; tick < delay; tick += 1) await new Promise(setImmediate);
    const next = database.transaction(async (trx) => {
      for (const part of ['a', 'b', 'c']) await put(trx, `${part}${delay}`);
    });
    const [first, second] = await Promise.allSettled([broken, next]);
    expect(first?.status).toBe('rejected');
    const parts = second?.status === 'fulfilled' ? [`a${delay}`, `b${delay}`, `c${delay}`] : [];
    expect((await keys(database)).filter((key) => key.slice(1) === String(delay))).toEqual(parts);
  }
});

it('lets those who wait share a commit', async () => {
  const database = await openTestDatabase();
  let inside = 0;
  let most = 0;
  const count = 100;
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      await database.transaction(async (trx) => {
        await put(trx, `k${index}`);
        inside += 1;
        most = Math.max(most, inside);
      });
      inside -= 1;
    }),
  );
  // As many had written at one time, and waited to be told.
  expect(most).toBeGreaterThan(count / 4);
});

it('tells of a collision only when the other side of it is committed', async () => {
  const database = await openTestDatabase();
  const rounds = Array.from({ length: 30 }, (_, round) => round);
  await Promise.all(
    rounds.map(async (round) => {
      const write = () => database.transaction((trx) => put(trx, `same${round}`));
      const [first, second] = await Promise.allSettled([
        write(),
        write().catch(async (error: unknown) => {
          expect(await keys(database)).toContain(`same${round}`);
          throw error;
        }),
      ]);
      expect(first?.status).toBe('fulfilled');
      expect(second).toMatchObject({ status: 'rejected', reason: expect.any(UniqueViolation) });
    }),
  );
});

it('answers a full disk with storage_full, keeps what was there, and writes again when there is space', async () => {
  const database = await openTestDatabase();
  await database.transaction((trx) => put(trx, 'before'));
  const pages = async (count: number) =>
    database.transaction((trx) => sql`pragma max_page_count = ${sql.lit(count)}`.execute(trx));
  const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(database.reader);
  await pages(rows[0]?.page_count ?? 0);
  const fill = (key: string) =>
    database.transaction(async (trx) => {
      await put(trx, `${key}-small`);
      await trx
        .insertInto('settings')
        .values({ key, value: 'x'.repeat(200_000), updated_at: at })
        .execute();
    });
  const full = await Promise.allSettled([fill('a'), fill('b'), fill('c')]);
  for (const result of full)
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'storage_full', status: 507 } });
  expect(await keys(database)).toEqual(['before']);
  await pages(1_000_000);
  await fill('later');
  expect(await keys(database)).toEqual(['before', 'later', 'later-small']);
});
