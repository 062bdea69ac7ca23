/** Counters since the start, and sizes now. */
export interface CacheStats {
  memory: {
    hits: number;
    misses: number;
    /** Served past their freshness: during a refresh, or because the origin failed. */
    stale: number;
    evictions: number;
    /** Results that were invalidated while they were made, and so not stored. */
    rejected: number;
    entries: number;
    bytes: number;
    budget: number;
  };
  /** Absent without a shared tier. */
  shared?: {
    isTrusted: boolean;
    hits: number;
    misses: number;
    stale: number;
    stored: number;
    rejected: number;
  };
  fills: {
    started: number;
    /** Requests that waited for a fill that was under way. */
    joined: number;
    failed: number;
    timedOut: number;
    /** Fills in the background. */
    refreshes: number;
  };
}

export class Counters {
  memory = { hits: 0, misses: 0, stale: 0, rejected: 0 };
  shared = { hits: 0, misses: 0, stale: 0, stored: 0, rejected: 0 };
  fills = { started: 0, joined: 0, failed: 0, timedOut: 0, refreshes: 0 };
}
