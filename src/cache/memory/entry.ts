import type { EntryDraft } from '../entry.ts';
import type { Evictable } from './policies/policy.ts';
import type { Scope } from './scope-table.ts';

/** Measured bytes of an entry in memory besides value, key and scopes: the object, its numbers, its slot in the table. */
const ENTRY_BYTES = 440;

/** What the tier knows of an entry when it takes it in. */
interface EntryPlace {
  readonly hash: number;
  readonly weight: number;
  readonly shared: readonly Scope[];
  readonly checkedAt: number;
}

/** An entry as the memory tier holds it; the value is kept as it was given and never copied. */
export class MemoryEntry<Value> implements EntryDraft<Value>, Evictable<MemoryEntry<Value>> {
  readonly key: string;
  readonly value: Value;
  readonly tags: readonly string[];
  readonly scopes: readonly string[];
  readonly createdAt: number;
  readonly freshUntil: number;
  readonly staleUntil: number;
  readonly refreshAt: number;
  readonly revalidateFor: number;
  readonly since: number;
  readonly order: number;
  readonly verifiedAt: number;
  readonly size: number;
  readonly hash: number;
  readonly weight: number;
  readonly shared: readonly Scope[];
  /** The scope table's version at which the entry was last found valid. */
  checkedAt: number;
  /** A background refresh runs, or failed a moment ago: none is started before this moment. */
  noRefreshBefore = 0;
  isPresent = true;
  older: MemoryEntry<Value> | undefined = undefined;
  newer: MemoryEntry<Value> | undefined = undefined;
  segment = 0;
  uses = 0;

  constructor(draft: EntryDraft<Value>, place: EntryPlace) {
    this.key = draft.key;
    this.value = draft.value;
    this.tags = draft.tags;
    this.scopes = draft.scopes;
    this.createdAt = draft.createdAt;
    this.freshUntil = draft.freshUntil;
    this.staleUntil = draft.staleUntil;
    this.refreshAt = draft.refreshAt;
    this.revalidateFor = draft.revalidateFor;
    this.since = draft.since;
    this.order = draft.order;
    this.verifiedAt = draft.verifiedAt;
    this.size = draft.size;
    this.hash = place.hash;
    this.weight = place.weight;
    this.shared = place.shared;
    this.checkedAt = place.checkedAt;
  }

  get removeAt(): number {
    return this.staleUntil;
  }
}

/** What an entry costs the budget, bytes. */
export function entryBytes(draft: EntryDraft<unknown>): number {
  return ENTRY_BYTES + draft.size + draft.key.length + draft.scopes.length * 40 + draft.tags.length * 24;
}
