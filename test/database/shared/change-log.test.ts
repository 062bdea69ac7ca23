/** Whoever follows the change log sees each committed change once and in order, whatever writers do. */
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { appendChange, ChangeLogRepository } from '../../../src/blog/changes-repository.ts';
import { openTestDatabase } from '../../support/database.ts';

const at = '2026-01-01T00:00:00.000Z';

const writer = fc.record({
  changes: fc.integer({ min: 1, max: 3 }),
  pauses: fc.tuple(fc.nat(6), fc.nat(6), fc.nat(6)),
  isRolledBack: fc.boolean(),
});

it('gives all that is committed, once and in order, to a reader that follows concurrent writers', async () => {
  const database = await openTestDatabase();
  const log = new ChangeLogRepository(database);
  let position = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(writer, { minLength: 2, maxLength: 24 }), async (writers) => {
      const committed: number[] = [];
      const seen: number[] = [];
      const read = async () => {
        const rows = await log.readSince(position);
        seen.push(...rows.map(({ sequence }) => sequence));
        position = seen.at(-1) ?? position;
        return rows.length;
      };
      let isWriting = true;
      const following = (async () => {
        while (isWriting) await read();
      })();
      const written = writers.map(({ changes, pauses, isRolledBack }) =>
        database.transaction(async (trx) => {
          const numbers: number[] = [];
          const [before, between, after] = pauses;
          await wait(before);
          for (let n = 0; n < changes; n += 1) {
            numbers.push(
              await appendChange(trx, { kind: 'post.updated', subjectId: 'x', tags: [`t${n}`], at }),
            );
            await wait(between);
          }
          await wait(after);
          if (isRolledBack) throw new Error('rolled back');
          return numbers;
        }),
      );
      for (const result of await Promise.allSettled(written))
        if (result.status === 'fulfilled') committed.push(...result.value);
      isWriting = false;
      await following;
      while ((await read()) > 0);
      expect(seen).toEqual(committed.toSorted((left, right) => left - right));
    }),
    { numRuns: 30 },
  );
});

it('goes on after a part of it was trimmed', async () => {
  const database = await openTestDatabase();
  const log = new ChangeLogRepository(database);
  const append = (at: string) =>
    database.transaction((trx) =>
      appendChange(trx, { kind: 'post.updated', subjectId: 'x', tags: [at], at }),
    );
  await append('2026-01-01T00:00:00.000Z');
  await append('2026-01-02T00:00:00.000Z');
  const third = await append('2026-01-03T00:00:00.000Z');
  expect(await log.trim('2026-01-03T00:00:00.000Z')).toBe(2);
  expect(await log.readSince(0)).toEqual([{ sequence: third, tags: ['2026-01-03T00:00:00.000Z'] }]);
  expect(await log.latest()).toBe(third);
});
