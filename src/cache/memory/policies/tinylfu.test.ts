import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hashKey } from '../frequency-sketch.ts';
import { LruPolicy } from './lru.ts';
import type { Evictable, EvictionPolicy } from './policy.ts';
import { TinyLfuPolicy } from './tinylfu.ts';

class Item implements Evictable<Item> {
  older: Item | undefined = undefined;
  newer: Item | undefined = undefined;
  segment = 0;
  uses = 0;
  readonly weight = 1;
  readonly removeAt = 0;
  readonly id: number;
  readonly hash: number;

  constructor(id: number) {
    this.id = id;
    this.hash = hashKey(`item:${id}`);
  }
}

function hitRatio(trace: readonly number[], size: number, policy: EvictionPolicy<Item>): number {
  const items = new Map<number, Item>();
  let hits = 0;
  for (const id of trace) {
    const known = items.get(id);
    if (known !== undefined) {
      hits += 1;
      policy.touch(known);
      continue;
    }
    const item = new Item(id);
    items.set(id, item);
    policy.insert(item);
    while (items.size > size) {
      const victim = policy.victim();
      if (victim === undefined) throw new Error('nothing to evict');
      policy.remove(victim);
      items.delete(victim.id);
    }
  }
  return (100 * hits) / trace.length;
}

const compare = (trace: readonly number[], size: number) => ({
  tinylfu: hitRatio(trace, size, new TinyLfuPolicy(size)),
  lru: hitRatio(trace, size, new LruPolicy()),
});

/** A linear congruential generator, so that every run is the same. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The item of rank n is asked for with a weight of about 1/n. */
function popular(count: number, seed: number, items = 10_000): number[] {
  const random = numbers(seed);
  return Array.from({ length: count }, () => Math.floor(items ** random()));
}

describe('tinylfu', () => {
  it('beats lru where some things stay popular', () => {
    const { tinylfu, lru } = compare(popular(100_000, 1), 200);
    expect(tinylfu).toBeGreaterThan(lru + 4);
  });

  it('is not washed out by a scan', () => {
    let fresh = 1_000_000;
    const trace = popular(100_000, 2).flatMap((item, at) => {
      fresh += 1;
      return at % 20_000 < 8000 ? [item, fresh] : [item];
    });
    const { tinylfu, lru } = compare(trace, 300);
    expect(tinylfu).toBeGreaterThan(lru + 5);
  });

  it('keeps a part of a loop that is larger than the cache, where lru has no hit at all', () => {
    const { tinylfu, lru } = compare(
      Array.from({ length: 100_000 }, (_, at) => at % 1500),
      500,
    );
    expect(lru).toBe(0);
    expect(tinylfu).toBeGreaterThan(25);
  });

  it('turns into lru where only what is recent counts', () => {
    const random = numbers(3);
    const trace = Array.from(
      { length: 150_000 },
      (_, at) => Math.floor(at / 10) + Math.floor(random() * random() * 800),
    );
    const { tinylfu, lru } = compare(trace, 300);
    expect(tinylfu).toBeGreaterThan(lru - 1);
  });

  it('follows when taste changes', () => {
    const trace = [4, 5, 6].flatMap((seed) => popular(50_000, seed).map((item) => item + seed * 100_000));
    const { tinylfu, lru } = compare(trace, 300);
    expect(tinylfu).toBeGreaterThan(lru);
  });
});

const folder = new URL('../../../../../shared/data/traces/', import.meta.url);

/** Recorded traces, where they lie beside the checkout; the least that tinylfu must reach. */
describe.skipIf(!existsSync(folder))(
  'tinylfu on recorded traces (skipped without ../shared/data/traces)',
  () => {
    const read = (name: string) =>
      readFileSync(new URL(`${name}.txt`, folder), 'utf8')
        .trim()
        .split('\n')
        .map(Number);

    it.each([
      ['web07', 500, 47.5],
      ['web07', 1000, 0],
      ['web07', 3000, 0],
      ['orm-night', 250, 0],
      ['orm-night', 500, 0],
      ['orm-night', 1000, 0],
    ])('%s at %i entries', (name, size, least) => {
      const { tinylfu, lru } = compare(read(name), size);
      expect(tinylfu).toBeGreaterThan(lru - 1);
      expect(tinylfu).toBeGreaterThan(least);
    });
  },
);
