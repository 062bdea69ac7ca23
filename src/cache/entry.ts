/** What callers see of an entry. Times are milliseconds of the cache's own clock (`CacheManager.now()`). */
export interface CacheEntry<Value> {
  readonly key: string;
  readonly value: Value;
  readonly tags: readonly string[];
  readonly createdAt: number;
  /** Fresh before this moment. */
  readonly freshUntil: number;
  /** After `freshUntil` and before this moment it may be served when the origin fails. */
  readonly staleUntil: number;
}

/** An entry with all that the tiers keep about it; made by a fill, a set, or a copy from the shared tier. */
export interface EntryDraft<Value> extends CacheEntry<Value> {
  /** Prefixes and tags, as `keys.ts` names them. */
  readonly scopes: readonly string[];
  /** From when on a request refreshes it in the background. */
  readonly refreshAt: number;
  /** How long past `freshUntil` it is served while a refresh runs, milliseconds. */
  readonly revalidateFor: number;
  /** The fence's tick when the work on it began. */
  readonly since: number;
  /** Fills, sets and copies of this process are numbered: an older one never replaces a newer one. */
  readonly order: number;
  /** When the origin or the shared tier was asked: the entry is known to have been right then. */
  readonly verifiedAt: number;
  /** Bytes of the value. */
  readonly size: number;
}
