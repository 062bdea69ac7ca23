import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrequencySketch, hashKey } from './frequency-sketch.ts';

describe('FrequencySketch', () => {
  it('never counts a key below its true count, up to 15, before ageing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 300 }), (keys) => {
        const sketch = new FrequencySketch();
        const counts = new Map<number, number>();
        for (const key of keys) {
          sketch.increment(hashKey(`key ${key}`));
          counts.set(key, (counts.get(key) ?? 0) + 1);
        }
        for (const [key, count] of counts) {
          expect(sketch.frequency(hashKey(`key ${key}`))).toBeGreaterThanOrEqual(Math.min(15, count));
        }
      }),
    );
  });

  it('seldom counts above', () => {
    const sketch = new FrequencySketch();
    sketch.ensureCapacity(1000);
    for (let key = 0; key < 1000; key++) sketch.increment(hashKey(`key ${key}`));
    const wrong = Array.from({ length: 1000 }, (_, key) => sketch.frequency(hashKey(`key ${key}`))).filter(
      (count) => count !== 1,
    );
    expect(wrong.length).toBeLessThan(100);
  });

  it('forgets by halves', () => {
    const sketch = new FrequencySketch();
    const popular = hashKey('popular');
    for (let use = 0; use < 15; use++) sketch.increment(popular);
    for (let key = 0; key < 700; key++) sketch.increment(hashKey(`key ${key}`));
    expect(sketch.frequency(popular)).toBeLessThan(15);
    expect(sketch.frequency(popular)).toBeGreaterThan(0);
  });

  it('keeps what it knows when it grows', () => {
    const sketch = new FrequencySketch();
    for (let use = 0; use < 9; use++) sketch.increment(hashKey('popular'));
    sketch.ensureCapacity(10_000);
    expect(sketch.frequency(hashKey('popular'))).toBeGreaterThanOrEqual(9);
  });
});
