import type { CacheEntry } from './entry.ts';

/** What a request got, and how: enough for `Cache-Status` (RFC 9211). */
export interface CacheAnswer<Value> {
  readonly entry: CacheEntry<Value>;
  /** `hit`: fresh. `stale`: past its freshness, served all the same. `filled`: made for this request or one it joined. */
  readonly status: 'hit' | 'stale' | 'filled';
  readonly tier: 'memory' | 'redis' | 'origin';
  /** Whether this request waited for another one's search. */
  readonly isJoined: boolean;
  /** Whether a filled value was kept for others. */
  readonly isStored: boolean;
}
