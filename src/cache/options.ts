import type { Clock } from './clock.ts';
import type { ValueCodec } from './codec.ts';
import type { ChangeLogSource } from './coherence/change-log.ts';
import type { PolicyName } from './memory/policies/policy.ts';
import type { RedisClient } from './shared/redis-connection.ts';
import type { SharedStore } from './shared/store.ts';

/** How long an entry lives, and what it depends on. All times in milliseconds. */
export interface EntryOptions {
  /** Fresh for; some of it is taken off by chance, never added (see `jitter`). */
  ttl?: number;
  /** Kept for as long after that, to be served when the origin fails. */
  stale?: number;
  /** For so long after its freshness it is served at once while a refresh runs. Default 0. */
  revalidate?: number;
  tags?: Iterable<string>;
}

export interface FillOptions extends EntryOptions {
  /** With a stale value at hand, a request waits for the fill no longer than this. Default: as long as it takes. */
  softTimeout?: number;
  /** Then the fill has failed, whatever it still does. Default 10,000. */
  hardTimeout?: number;
}

/** What a fill may decide about its result. */
export interface FillContext {
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
  /** Add what the value is made from, until the fill is done. */
  readonly tags: Set<string>;
  /** Milliseconds; for example short for "not found", or up to the moment when the content changes by itself. */
  setTtl(milliseconds: number): void;
  setStale(milliseconds: number): void;
  /** The value is for those who wait, and isn't stored. */
  skip(): void;
}

/** Makes a value. `undefined` isn't stored; store `null` to remember that there is nothing. */
export type Fill<Value> = (context: FillContext) => Promise<Value> | Value;

export interface CacheManagerOptions<Value> {
  /** Budget of the memory tier in bytes, index included. Default 64 MiB. */
  memoryBytes?: number;
  policy?: PolicyName;
  /** Address of Redis, a client that isn't connected, or another shared store; without it there is only memory. */
  redis?: string | RedisClient;
  store?: SharedStore;
  /** Tells several caches in one Redis apart. Default `broadsheet`. */
  namespace?: string;
  changeLog?: ChangeLogSource;
  codec?: ValueCodec<Value>;
  /** What entries get that say nothing else. */
  defaults?: FillOptions;
  /** The part of the ttl that chance may take off, so that what came together doesn't expire together. Default 0.1. */
  jitter?: number;
  /** From this part of its life on, an entry that is asked for is refreshed in the background. Default 0.8; 1 = never. */
  refreshAfter?: number;
  /** What a request waits for Redis at most, milliseconds. Default 10. */
  redisTimeout?: number;
  /** After this long without a sign of life from a node that fills, another takes over, milliseconds. Default 200. */
  lease?: number;
  /** How long a node waits for another one's fill before it makes its own, milliseconds. Default 2,000. */
  patience?: number;
  clock?: Clock;
  /** Unique name of this process among the nodes. Default: random. */
  nodeId?: string;
}
