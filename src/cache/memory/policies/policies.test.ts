import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LfuPolicy } from './lfu.ts';
import { LruPolicy } from './lru.ts';
import type { Evictable, EvictionPolicy } from './policy.ts';
import { TinyLfuPolicy } from './tinylfu.ts';
import { TtlPolicy } from './ttl.ts';

class Node implements Evictable<Node> {
  older: Node | undefined;
  newer: Node | undefined;
  segment = 0;
  uses = 0;
  readonly key: number;
  readonly hash: number;
  readonly weight: number;
  readonly removeAt: number;

  constructor(key: number, weight: number, removeAt: number) {
    this.key = key;
    this.hash = Math.imul(key + 1, 0x9e3779b1);
    this.weight = weight;
    this.removeAt = removeAt;
  }
}

const BUDGET = 40;
const policies: Record<string, () => EvictionPolicy<Node>> = {
  ttl: () => new TtlPolicy(),
  lru: () => new LruPolicy(),
  lfu: () => new LfuPolicy(),
  tinylfu: () => new TinyLfuPolicy(BUDGET),
};

const step = fc.record({
  action: fc.constantFrom('use', 'use', 'use', 'replace', 'remove'),
  key: fc.integer({ min: 0, max: 30 }),
  weight: fc.integer({ min: 1, max: 9 }),
  removeAt: fc.integer({ min: 0, max: 1000 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Drives a policy as the tier does. Each eviction is reported with what was there. */
function drive(
  policy: EvictionPolicy<Node>,
  steps: readonly Step[],
  onEvict: (node: Node, present: ReadonlyMap<number, Node>) => void = () => undefined,
): Map<number, Node> {
  const present = new Map<number, Node>();
  const weight = () => [...present.values()].reduce((sum, node) => sum + node.weight, 0);
  for (const { action, key, weight: size, removeAt } of steps) {
    const known = present.get(key);
    if (action === 'remove') {
      if (known !== undefined) policy.remove(known);
      present.delete(key);
    } else if (known === undefined) {
      const node = new Node(key, size, removeAt);
      present.set(key, node);
      policy.insert(node);
    } else if (action === 'replace') {
      const node = new Node(key, size, removeAt);
      present.set(key, node);
      policy.replace(known, node);
    } else {
      policy.touch(known);
    }
    while (weight() > BUDGET) {
      const victim = policy.victim();
      if (victim === undefined) throw new Error('over budget, and nothing to evict');
      onEvict(victim, present);
      policy.remove(victim);
      present.delete(victim.key);
    }
  }
  return present;
}

describe.each(Object.entries(policies))('the contract of %s', (_name, create) => {
  it('names only entries that are there, and gives every one of them up in the end', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const policy = create();
        const present = drive(policy, steps, (victim, entries) => {
          expect(entries.get(victim.key)).toBe(victim);
        });
        for (let left = present.size; left > 0; left--) {
          const victim = policy.victim();
          expect(victim && present.get(victim.key)).toBe(victim);
          if (victim === undefined) return;
          policy.remove(victim);
          present.delete(victim.key);
        }
        expect(policy.victim()).toBeUndefined();
      }),
    );
  });
});

/** A model that recomputes the order from the whole history. */
interface Use {
  count: number;
  last: number;
}

function usesOf(
  steps: readonly Step[],
  policy: EvictionPolicy<Node>,
  check: (victim: Node, uses: Map<number, Use>, present: ReadonlyMap<number, Node>) => void,
): void {
  const uses = new Map<number, Use>();
  let now = 0;
  const present = new Map<number, Node>();
  for (const one of steps) {
    now += 1;
    const known = present.get(one.key);
    if (one.action === 'remove') {
      if (known !== undefined) policy.remove(known);
      present.delete(one.key);
      uses.delete(one.key);
      continue;
    }
    const use = uses.get(one.key) ?? { count: 0, last: 0 };
    uses.set(one.key, { count: use.count + 1, last: now });
    if (known !== undefined) {
      policy.touch(known);
      continue;
    }
    const node = new Node(one.key, 1, one.removeAt);
    present.set(one.key, node);
    policy.insert(node);
    if (present.size <= 8) continue;
    const victim = policy.victim();
    if (victim === undefined) throw new Error('nothing to evict');
    check(victim, uses, present);
    policy.remove(victim);
    present.delete(victim.key);
    uses.delete(victim.key);
  }
}

const never = { count: 0, last: 0 };

describe('the order of eviction', () => {
  it('lru: the least recently used', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        usesOf(steps, new LruPolicy(), (victim, uses, present) => {
          const last = (key: number) => (uses.get(key) ?? never).last;
          for (const key of present.keys()) expect(last(victim.key)).toBeLessThanOrEqual(last(key));
        });
      }),
    );
  });

  it('lfu: the least often used, the least recently used among equals', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        usesOf(steps, new LfuPolicy(), (victim, uses, present) => {
          const rank = (key: number) => {
            const { count, last } = uses.get(key) ?? never;
            return count * 1e6 + last;
          };
          for (const key of present.keys()) expect(rank(victim.key)).toBeLessThanOrEqual(rank(key));
        });
      }),
    );
  });

  it('ttl: the one that ends first', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        usesOf(steps, new TtlPolicy(), (victim, _uses, present) => {
          for (const node of present.values()) expect(victim.removeAt).toBeLessThanOrEqual(node.removeAt);
        });
      }),
    );
  });
});
