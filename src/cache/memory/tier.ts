import type { Clock } from '../clock.ts';
import type { EntryDraft } from '../entry.ts';
import { EVERYTHING } from '../keys.ts';
import { entryBytes, MemoryEntry } from './entry.ts';
import { hashKey } from './frequency-sketch.ts';
import { LfuPolicy } from './policies/lfu.ts';
import { LruPolicy } from './policies/lru.ts';
import type { EvictionPolicy, PolicyName } from './policies/policy.ts';
import { TinyLfuPolicy } from './policies/tinylfu.ts';
import { TtlPolicy } from './policies/ttl.ts';
import { ScopeTable } from './scope-table.ts';

export interface MemoryTierOptions {
  /** Bytes that values and index may take together. */
  budget: number;
  policy: PolicyName;
  clock: Clock;
}

/** Entries that are looked at for removal whenever one is added: more than one, so that all get their turn. */
const SWEEP_STEP = 2;

/** The tier in this process: a table of entries, bounded in bytes, index included. */
export class MemoryTier<Value> {
  evictions = 0;
  /** Entries that weren't verified since this moment count as stale; set while the node is cut off from the others. */
  trustedSince = Number.NEGATIVE_INFINITY;
  private readonly scopes = new ScopeTable();
  private readonly clock: Clock;
  private readonly budget: number;
  private readonly policyName: PolicyName;
  private entries = new Map<string, MemoryEntry<Value>>();
  private policy: EvictionPolicy<MemoryEntry<Value>>;
  private entriesBytes = 0;
  private sweeper: Iterator<MemoryEntry<Value>> | undefined;

  constructor(options: MemoryTierOptions) {
    this.clock = options.clock;
    this.budget = options.budget;
    this.policyName = options.policy;
    this.policy = createPolicy(options.policy, options.budget);
  }

  get size(): number {
    return this.entries.size;
  }

  get bytes(): number {
    return this.entriesBytes + this.scopes.bytes + this.policy.overheadBytes;
  }

  /** The valid entry of a key, fresh or stale; never one that was invalidated. Counts as a use. */
  find(key: string): MemoryEntry<Value> | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.checkedAt !== this.scopes.version && !this.isStillValid(entry)) return undefined;
    this.policy.touch(entry);
    return entry;
  }

  /** Whether an entry that `find` gave may be served as fresh. */
  isFresh(entry: MemoryEntry<Value>): boolean {
    return this.clock.now() < entry.freshUntil && entry.verifiedAt >= this.trustedSince;
  }

  /** Stores unless a newer entry is there or it can't fit; returns whether it did. The caller has asked the fence. */
  store(draft: EntryDraft<Value>): boolean {
    const previous = this.entries.get(draft.key);
    if (previous !== undefined && previous.order > draft.order) return false;
    const weight = entryBytes(draft);
    if (weight > this.budget) {
      if (previous !== undefined) this.drop(previous);
      return false;
    }
    // An entry that replaces one with the same scopes takes them over.
    const isAlike = previous !== undefined && isSame(previous.scopes, draft.scopes);
    const shared = isAlike ? previous.shared : this.scopes.acquire(draft.scopes);
    const hash = previous?.hash ?? hashKey(draft.key);
    const entry = new MemoryEntry(draft, { hash, weight, shared, checkedAt: this.scopes.version });
    this.entries.set(entry.key, entry);
    this.entriesBytes += entry.weight;
    if (previous === undefined) {
      this.policy.insert(entry);
      this.sweep(SWEEP_STEP);
    } else {
      this.policy.replace(previous, entry);
      this.forget(previous);
      if (!isAlike) this.scopes.release(previous.shared);
    }
    this.evict();
    return entry.isPresent;
  }

  delete(key: string): boolean {
    const entry = this.entries.get(key);
    if (entry === undefined) return false;
    this.drop(entry);
    return true;
  }

  /** Removes the entry of a key if it is still the one of that order. */
  deleteIfFrom(key: string, order: number): void {
    const entry = this.entries.get(key);
    if (entry?.order === order) this.drop(entry);
  }

  /** Voids what carries the scope and began before the tick. */
  invalidate(scope: string, tick: number): void {
    if (scope === EVERYTHING) this.clear();
    else if (scope.startsWith('k|')) this.delete(scope.slice(2));
    else this.scopes.invalidate(scope, tick);
  }

  clear(): void {
    for (const entry of this.entries.values()) entry.isPresent = false;
    this.entries = new Map();
    this.entriesBytes = 0;
    this.sweeper = undefined;
    this.scopes.clear();
    this.policy = createPolicy(this.policyName, this.budget);
  }

  /** Looks at the next few entries and removes those that are void or past their life. */
  sweep(steps: number): void {
    for (let step = 0; step < steps; step++) {
      this.sweeper ??= this.entries.values();
      const next = this.sweeper.next();
      if (next.done === true) {
        this.sweeper = undefined;
        return;
      }
      if (this.isStillValid(next.value) && this.clock.now() >= next.value.staleUntil) this.drop(next.value);
    }
  }

  private evict(): void {
    while (this.bytes > this.budget) {
      const victim = this.policy.victim();
      if (victim === undefined) return;
      this.drop(victim);
      this.evictions += 1;
    }
  }

  /** Checks each scope of an entry and removes the entry when one was invalidated. */
  private isStillValid(entry: MemoryEntry<Value>): boolean {
    for (const scope of entry.shared) {
      if (scope.voidBefore > entry.since) {
        this.drop(entry);
        return false;
      }
    }
    entry.checkedAt = this.scopes.version;
    return true;
  }

  private drop(entry: MemoryEntry<Value>): void {
    this.entries.delete(entry.key);
    this.policy.remove(entry);
    this.forget(entry);
    this.scopes.release(entry.shared);
  }

  private forget(entry: MemoryEntry<Value>): void {
    entry.isPresent = false;
    this.entriesBytes -= entry.weight;
  }
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((scope, at) => scope === others[at]);
}

function createPolicy<Value>(name: PolicyName, budget: number): EvictionPolicy<MemoryEntry<Value>> {
  switch (name) {
    case 'lru':
      return new LruPolicy();
    case 'lfu':
      return new LfuPolicy();
    case 'ttl':
      return new TtlPolicy();
    case 'tinylfu':
      return new TinyLfuPolicy(budget, budget / 8);
  }
}
