import fc from 'fast-check';
import { expect, it } from 'vitest';
import { backoff } from './backoff.ts';

it('doubles up to ten minutes, and at most halves by chance', () => {
  expect([1, 2, 3, 10, 11, 100].map((attempts) => backoff(attempts, 1))).toEqual([
    1000, 2000, 4000, 512_000, 600_000, 600_000,
  ]);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempts, random) => {
        const full = backoff(attempts, 1);
        expect(backoff(attempts, random)).toBeGreaterThanOrEqual(full / 2);
        expect(backoff(attempts, random)).toBeLessThanOrEqual(full);
      },
    ),
  );
});
