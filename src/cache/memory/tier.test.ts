import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/cache/harness/fake-clock.ts';
import type { EntryDraft } from '../entry.ts';
import { entryScopes } from '../keys.ts';
import type { PolicyName } from './policies/policy.ts';
import { MemoryTier } from './tier.ts';

const policies: PolicyName[] = ['ttl', 'lru', 'lfu', 'tinylfu'];

function draft(key: string, overrides: Partial<EntryDraft<string>> = {}): EntryDraft<string> {
  const tags = overrides.tags ?? [];
  return {
    key,
    value: `value of ${key}`,
    tags,
    scopes: entryScopes(key, tags),
    createdAt: 0,
    freshUntil: 10_000,
    staleUntil: 20_000,
    refreshAt: 9000,
    revalidateFor: 0,
    since: 0,
    order: 1,
    verifiedAt: 0,
    size: 1000,
    ...overrides,
  };
}

describe.each(policies)('MemoryTier with %s', (policy) => {
  const create = (budget: number) => new MemoryTier<string>({ budget, policy, clock: new FakeClock() });

  it('finds what was stored, and no more after it was removed', () => {
    const tier = create(1_000_000);
    tier.store(draft('posts:1'));
    expect(tier.find('posts:1')?.value).toBe('value of posts:1');
    tier.delete('posts:1');
    expect(tier.find('posts:1')).toBeUndefined();
    expect(tier.bytes).toBeLessThan(50_000);
  });

  it('voids by tag, by prefix and as a whole', () => {
    const tier = create(1_000_000);
    for (const key of ['posts:list:1', 'posts:list:2', 'posts:one:1', 'tags:1']) {
      tier.store(draft(key, { tags: key.endsWith('1') ? ['odd'] : [] }));
    }
    tier.invalidate('p|posts:list:', 1);
    const found = () =>
      ['posts:list:1', 'posts:list:2', 'posts:one:1', 'tags:1'].filter((key) => tier.find(key));
    expect(found()).toEqual(['posts:one:1', 'tags:1']);
    tier.store(draft('posts:list:1', { since: 1, order: 2, tags: ['odd'] }));
    tier.invalidate('t|odd', 2);
    expect(found()).toEqual([]);
    tier.store(draft('tags:1', { since: 2, order: 3 }));
    tier.invalidate('*', 3);
    expect(found()).toEqual([]);
    expect(tier.size).toBe(0);
  });

  it('never replaces a newer value', () => {
    const tier = create(1_000_000);
    tier.store(draft('a', { order: 2, value: 'new' }));
    expect(tier.store(draft('a', { order: 1, value: 'old' }))).toBe(false);
    expect(tier.find('a')?.value).toBe('new');
  });

  it('stays within its budget, whatever comes, and its sums stay right', () => {
    const weighted = ['store', 'store', 'store', 'store', 'find', 'find', 'delete', 'tag', 'clear'] as const;
    const step = fc.record({
      action: fc.constantFrom(...weighted),
      key: fc.integer({ min: 0, max: 200 }),
      size: fc.integer({ min: 0, max: 4000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const budget = 60_000;
        const tier = create(budget);
        steps.forEach(({ action, key, size }, now) => {
          const entry = draft(`k:${key}`, { size, since: now, order: now, tags: [`t${key % 7}`] });
          const actions = {
            store: () => tier.store(entry),
            find: () => tier.find(entry.key),
            delete: () => tier.delete(entry.key),
            tag: () => tier.invalidate(`t|t${key % 7}`, now),
            clear: () => tier.clear(),
          };
          actions[action]();
          expect(tier.bytes).toBeLessThanOrEqual(budget);
        });
        for (let key = 0; key <= 200; key++) tier.delete(`k:${key}`);
        expect(tier.size).toBe(0);
        const empty = create(budget).bytes;
        expect(tier.bytes - empty).toBeLessThanOrEqual(budget / 8 + 8192);
      }),
      { numRuns: 60 },
    );
  });

  it('removes what is void or at its end without being asked for it', async () => {
    const clock = new FakeClock();
    const tier = new MemoryTier<string>({ budget: 10_000_000, policy, clock });
    for (let key = 0; key < 100; key++) tier.store(draft(`old:${key}`, { tags: ['old'] }));
    tier.invalidate('t|old', 1);
    for (let key = 0; key < 220; key++) tier.store(draft(`new:${key}`, { since: 1, order: 2 }));
    expect(tier.size).toBe(220);
    await clock.advance(30_000);
    for (let key = 0; key < 500; key++) {
      tier.store(draft(`again:${key}`, { since: 1, order: 3 + key, freshUntil: 90_000, staleUntil: 90_000 }));
    }
    expect(tier.size).toBe(500);
  });

  it('takes no value that is larger than the whole budget', () => {
    const tier = create(50_000);
    expect(tier.store(draft('big', { size: 60_000 }))).toBe(false);
    expect(tier.find('big')).toBeUndefined();
  });
});
