import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AttemptLimiter } from './attempt-limiter.ts';

const burst = 5;
const refillSeconds = 10;

/** Steps of a client: a key that is tried, and how long it waits before that. */
const steps = (keys: number) =>
  fc.array(fc.record({ key: fc.nat(keys - 1), waitMs: fc.nat(30_000) }), { maxLength: 200 });

describe('AttemptLimiter', () => {
  it('never allows more than the burst and what was refilled since, over any span', () => {
    fc.assert(
      fc.property(steps(3), (script) => {
        let now = 0;
        const limiter = new AttemptLimiter({ burst, refillSeconds, maxKeys: 10 }, () => now);
        const allowed: { key: number; at: number }[] = [];
        for (const { key, waitMs } of script) {
          now += waitMs;
          if (limiter.take(String(key)) === 0) allowed.push({ key, at: now });
        }
        for (const first of allowed) {
          const since = allowed.filter(({ key, at }) => key === first.key && at >= first.at);
          for (const [index, { at }] of since.entries()) {
            expect(index + 1).toBeLessThanOrEqual(burst + (at - first.at) / (refillSeconds * 1000));
          }
        }
      }),
    );
  });

  it('allows an attempt after the wait that it names, and refuses it a second earlier', () => {
    fc.assert(
      fc.property(steps(2), (script) => {
        let now = 0;
        const limiter = new AttemptLimiter({ burst, refillSeconds, maxKeys: 10 }, () => now);
        for (const { key, waitMs } of script) {
          now += waitMs;
          const wait = limiter.take(String(key));
          if (wait === 0) continue;
          now += (wait - 1) * 1000;
          expect(limiter.take(String(key))).toBe(1);
          now += 1000;
          expect(limiter.take(String(key))).toBe(0);
        }
      }),
    );
  });

  it('keeps within its memory, and keeps who is at the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { maxLength: 300 }), (others) => {
        const limiter = new AttemptLimiter({ burst, refillSeconds, maxKeys: 8 }, () => 0);
        for (let count = 0; count < burst; count += 1) limiter.take('attacked');
        for (const other of new Set(others)) {
          limiter.take(`fresh ${other}`);
          expect(limiter.size).toBeLessThanOrEqual(8);
        }
        expect(limiter.take('attacked')).toBeGreaterThan(0);
      }),
    );
  });

  it('takes back attempts that were right', () => {
    fc.assert(
      fc.property(fc.nat(50), (times) => {
        const limiter = new AttemptLimiter({ burst, refillSeconds, maxKeys: 8 }, () => 0);
        for (let count = 0; count < times; count += 1) {
          expect(limiter.take('right')).toBe(0);
          limiter.giveBack('right');
        }
        expect(limiter.size).toBe(0);
      }),
    );
  });
});
