import { randomUUID } from 'node:crypto';
import { OperatorError } from '../errors.ts';
import type { CacheAnswer } from './answer.ts';
import { type Clock, systemClock } from './clock.ts';
import { plainCodec, type ValueCodec } from './codec.ts';
import { Coherence } from './coherence/coherence.ts';
import type { CacheEntry, EntryDraft } from './entry.ts';
import { reportFailure } from './events.ts';
import { Fence } from './fence.ts';
import type { ResolvedOptions } from './fill.ts';
import { Flight, Flights } from './flights.ts';
import {
  type CacheKey,
  EVERYTHING,
  entryScopes,
  type KeyPart,
  keyScope,
  patternScope,
  tagScope,
  toKey,
} from './keys.ts';
import { draftOf, type LifetimeRules, lifetimeOf, toWire } from './lifetime.ts';
import { answerOf, Loader } from './loader.ts';
import type { MemoryEntry } from './memory/entry.ts';
import { MemoryTier } from './memory/tier.ts';
import type { CacheManagerOptions, EntryOptions, Fill, FillOptions } from './options.ts';
import { RedisStore } from './shared/redis-store.ts';
import type { SharedStore } from './shared/store.ts';
import { type CacheStats, Counters } from './stats.ts';

const DEFAULTS = {
  memoryBytes: 64 * 1024 * 1024,
  ttl: 300_000,
  stale: 86_400_000,
  revalidate: 0,
  hardTimeout: 10_000,
  jitter: 0.1,
  refreshAfter: 0.8,
  redisTimeout: 10,
  backgroundTimeout: 1000,
  lease: 200,
  patience: 2000,
};
/** After a failed refresh the stale entry is served for this long before the origin is tried again. */
const RETRY_REFRESH_MS = 1000;

/** What to invalidate, all in one step. */
export interface InvalidationRequest {
  readonly keys?: readonly CacheKey[];
  readonly tags?: readonly string[];
  readonly patterns?: readonly string[];
  /** Numbers of the change log that this stems from, so that the log's reader doesn't do it again. */
  readonly changes?: readonly number[];
}

/**
 * A cache in two tiers: memory, and Redis where one is given. Values are kept as they are given, are shared between all
 * who get them, and must not be changed.
 *
 * @example
 * const cache = new CacheManager<Post[]>({ redis: 'redis://localhost' });
 * const posts = await cache.getOrSet(['posts', 'list', 10, 0], () => loadPosts(10, 0), { tags: ['list'] });
 * await cache.invalidateTags(['list']);
 */
export class CacheManager<Value = unknown> {
  private readonly clock: Clock;
  private readonly codec: ValueCodec<Value>;
  private readonly fence = new Fence();
  private readonly memory: MemoryTier<Value>;
  private readonly flights: Flights<CacheAnswer<Value>, Value>;
  private readonly coherence: Coherence;
  private readonly loader: Loader<Value>;
  private readonly counters = new Counters();
  private readonly defaults: ResolvedOptions;
  private readonly rules: LifetimeRules;
  private readonly memoryBytes: number;
  private orders = 0;

  constructor(options: CacheManagerOptions<Value> = {}) {
    const clock = options.clock ?? systemClock();
    const nodeId = options.nodeId ?? randomUUID();
    this.clock = clock;
    this.codec = options.codec ?? plainCodec<Value>();
    this.memoryBytes = positive('memoryBytes', options.memoryBytes ?? DEFAULTS.memoryBytes);
    this.rules = {
      jitter: options.jitter ?? DEFAULTS.jitter,
      refreshAfter: options.refreshAfter ?? DEFAULTS.refreshAfter,
    };
    const { ttl, stale, revalidate, hardTimeout } = DEFAULTS;
    this.defaults = { ttl, stale, revalidate, hardTimeout, ...options.defaults };
    this.memory = new MemoryTier({ budget: this.memoryBytes, policy: options.policy ?? 'tinylfu', clock });
    this.flights = new Flights(this.fence);
    const requestTimeout = options.redisTimeout ?? DEFAULTS.redisTimeout;
    this.coherence = new Coherence({
      clock,
      nodeId,
      requestTimeout,
      store: createStore(options, clock, requestTimeout),
      changeLog: options.changeLog,
      node: {
        apply: (scopes) => this.applyHere(scopes),
        trustSince: (moment) => {
          this.memory.trustedSince = moment;
        },
      },
    });
    this.loader = new Loader({
      clock,
      nodeId,
      fence: this.fence,
      memory: this.memory,
      link: this.coherence.link,
      flights: this.flights,
      codec: this.codec,
      counters: this.counters,
      rules: this.rules,
      lease: options.lease ?? DEFAULTS.lease,
      patience: options.patience ?? DEFAULTS.patience,
    });
  }

  /** The cache's own time, in milliseconds: what an entry's times are relative to. */
  now(): number {
    return this.clock.now();
  }

  /**
   * The fresh entry of a ready key from memory, at once and without a promise; for paths where every microsecond counts.
   * An entry that is due for its refresh isn't given, so that the request goes on to `getOrSet`, which starts it.
   */
  peek(key: string): CacheEntry<Value> | undefined {
    const entry = this.memory.find(key);
    if (entry === undefined || !this.memory.isFresh(entry) || this.isDue(entry)) return undefined;
    this.counters.memory.hits += 1;
    return entry;
  }

  /** The fresh value of a key, from memory or Redis. @example await cache.get('posts', 'list', 10, 0) */
  async get(...parts: [CacheKey] | KeyPart[]): Promise<Value | undefined> {
    return (await this.lookup(keyOf(parts)))?.entry.value;
  }

  /** As `get`, with the entry and where it was found. */
  async lookup(key: CacheKey): Promise<CacheAnswer<Value> | undefined> {
    const name = toKey(key);
    const entry = this.memory.find(name);
    if (entry !== undefined && this.memory.isFresh(entry)) {
      this.counters.memory.hits += 1;
      return answerOf(entry, 'hit', 'memory');
    }
    this.counters.memory.misses += 1;
    const copy = await this.loader.peekShared(name, this.nextOrder());
    return copy && answerOf(copy, 'hit', 'redis');
  }

  /** Stores a value on all tiers, and makes every other node forget its own. */
  async set(key: CacheKey, value: Value, options: EntryOptions = {}): Promise<void> {
    const name = toKey(key);
    const { link } = this.coherence;
    // Only work under way on this key could still bring an older value, and without a shared tier that is a flight.
    const isContested = link !== undefined || this.flights.isFlying(name);
    const since = isContested ? this.fence.stamp([keyScope(name)]) : this.fence.tick;
    const now = this.clock.now();
    const resolved = { ...this.defaults, ...options };
    const lifetime = lifetimeOf(resolved, this.rules, this.clock);
    const provenance = { since, order: this.nextOrder(), askedAt: now };
    const draft = draftOf(name, value, uniqueTags(options.tags), lifetime, now, provenance, this.codec);
    if (!this.loader.keep(draft)) this.memory.delete(name);
    if (link === undefined) return;
    await link.set({
      key: name,
      scopes: draft.scopes,
      data: toWire(draft, this.codec),
      freshMs: lifetime.freshMs,
      staleMs: lifetime.staleMs,
    });
  }

  /** The value of a key, made by `fill` when no tier has it. However many ask, one fill runs, in the cluster too. */
  async getOrSet(key: CacheKey, fill: Fill<Value>, options: FillOptions = {}): Promise<Value> {
    return (await this.getOrSetEntry(key, fill, options)).entry.value;
  }

  /** As `getOrSet`, with the entry and how it was come by. */
  async getOrSetEntry(
    key: CacheKey,
    fill: Fill<Value>,
    options: FillOptions = {},
  ): Promise<CacheAnswer<Value>> {
    const name = toKey(key);
    const entry = this.memory.find(name);
    if (entry !== undefined) {
      const answer = this.answerFromMemory(entry, fill, options);
      if (answer !== undefined) return answer;
    }
    this.counters.memory.misses += 1;
    const since = this.fence.tick;
    const running = this.flights.joinable(name, entryScopes(name, []));
    if (running !== undefined) this.counters.fills.joined += 1;
    const flight = running ?? this.launch(name, fill, options, Number.POSITIVE_INFINITY);
    return this.wait(flight, running !== undefined, entry, since, options);
  }

  /** Removes a key everywhere. */
  async delete(...parts: [CacheKey] | KeyPart[]): Promise<void> {
    await this.invalidate({ keys: [keyOf(parts)] });
  }

  /** Invalidates all keys below a path (`posts:list:*`), without a look at any of them. */
  async invalidatePattern(pattern: string): Promise<void> {
    await this.invalidate({ patterns: [pattern] });
  }

  /** Invalidates everything that was made from one of these. */
  async invalidateTags(tags: readonly string[], changes: readonly number[] = []): Promise<void> {
    await this.invalidate({ tags, changes });
  }

  /** Empties all tiers. */
  async clear(): Promise<void> {
    await this.invalidate({ patterns: ['*'] });
  }

  /**
   * Invalidates on all tiers and nodes. When it returns, this node serves nothing older, and Redis, if it can be reached,
   * neither; it never fails and waits for Redis a few milliseconds at most.
   */
  async invalidate(request: InvalidationRequest): Promise<void> {
    const scopes = new Set<string>();
    for (const key of request.keys ?? []) scopes.add(keyScope(toKey(key)));
    for (const tag of request.tags ?? []) scopes.add(tagScope(tag));
    for (const pattern of request.patterns ?? []) scopes.add(patternScope(pattern));
    if (scopes.size === 0) return;
    const list = scopes.has(EVERYTHING) ? [EVERYTHING] : [...scopes];
    this.applyHere(list);
    await this.coherence.publish({ scopes: list, changes: request.changes ?? [] });
  }

  /** Reads the change log now, for whoever was told that it has grown. */
  async catchUp(): Promise<void> {
    await this.coherence.catchUp();
  }

  stats(): CacheStats {
    const { memory, shared, fills } = this.counters;
    const { link } = this.coherence;
    return {
      memory: {
        ...memory,
        evictions: this.memory.evictions,
        entries: this.memory.size,
        bytes: this.memory.bytes,
        budget: this.memoryBytes,
      },
      ...(link === undefined ? {} : { shared: { isTrusted: link.isTrusted, ...shared } }),
      fills: { ...fills },
    };
  }

  /** Lets go of Redis and stops the background work; fills under way end by themselves. */
  async close(): Promise<void> {
    await this.coherence.close();
  }

  /** Whether a request should start the entry's refresh. */
  private isDue(entry: MemoryEntry<Value>): boolean {
    const now = this.clock.now();
    return now >= entry.refreshAt && now >= entry.noRefreshBefore;
  }

  private applyHere(scopes: readonly string[]): void {
    const tick = this.fence.stamp(scopes);
    for (const scope of scopes) this.memory.invalidate(scope, tick);
  }

  /** What memory can answer: a fresh entry, or a stale one while a refresh runs or has just failed. */
  private answerFromMemory(
    entry: MemoryEntry<Value>,
    fill: Fill<Value>,
    options: FillOptions,
  ): CacheAnswer<Value> | undefined {
    const now = this.clock.now();
    if (this.memory.isFresh(entry)) {
      this.counters.memory.hits += 1;
      if (now >= entry.refreshAt) this.refresh(entry, fill, options);
      return answerOf(entry, 'hit', 'memory');
    }
    if (now >= entry.staleUntil) return undefined;
    const isRevalidating =
      entry.verifiedAt >= this.memory.trustedSince && now < entry.freshUntil + entry.revalidateFor;
    if (!isRevalidating && now >= entry.noRefreshBefore) return undefined;
    this.refresh(entry, fill, options);
    this.counters.memory.stale += 1;
    return answerOf(entry, 'stale', 'memory');
  }

  private refresh(entry: MemoryEntry<Value>, fill: Fill<Value>, options: FillOptions): void {
    if (this.clock.now() < entry.noRefreshBefore || this.flights.isFlying(entry.key)) return;
    this.counters.fills.refreshes += 1;
    entry.noRefreshBefore = Number.POSITIVE_INFINITY;
    const expiresAt = this.memory.isFresh(entry) ? entry.freshUntil : Number.POSITIVE_INFINITY;
    const flight = this.launch(entry.key, fill, options, expiresAt);
    flight.result?.then(
      () => {
        entry.noRefreshBefore = 0;
      },
      (error: unknown) => {
        entry.noRefreshBefore = this.clock.now() + RETRY_REFRESH_MS;
        reportFailure({ operation: 'refresh', key: entry.key, error });
      },
    );
  }

  private launch(
    key: string,
    fill: Fill<Value>,
    options: FillOptions,
    expiresAt: number,
  ): Flight<CacheAnswer<Value>, Value> {
    const flight = new Flight<CacheAnswer<Value>, Value>(key, this.fence.tick, this.nextOrder(), expiresAt);
    this.flights.add(flight);
    flight.result = this.loader.load(flight, fill, { ...this.defaults, ...options });
    return flight;
  }

  /** Waits for a flight; a stale value stands in when it fails or takes longer than the soft timeout. */
  private async wait(
    flight: Flight<CacheAnswer<Value>, Value>,
    isJoined: boolean,
    stale: MemoryEntry<Value> | undefined,
    since: number,
    options: FillOptions,
  ): Promise<CacheAnswer<Value>> {
    if (flight.result === undefined) throw new Error('a flight has no result before it is launched');
    const standIn = () => this.standIn(flight, stale, since);
    const softTimeout = options.softTimeout ?? this.defaults.softTimeout;
    try {
      const answer = await (softTimeout === undefined
        ? flight.result
        : this.raceStale(flight.result, softTimeout, standIn));
      return isJoined ? { ...answer, isJoined } : answer;
    } catch (error) {
      const answer = standIn();
      if (answer === undefined) throw error;
      if (stale !== undefined) stale.noRefreshBefore = this.clock.now() + RETRY_REFRESH_MS;
      return answer;
    }
  }

  /** A stale value that may be served: within its time, and not invalidated since the request came. */
  private standIn(
    flight: Flight<CacheAnswer<Value>, Value>,
    stale: MemoryEntry<Value> | undefined,
    since: number,
  ): CacheAnswer<Value> | undefined {
    const isServable = (entry: EntryDraft<Value>, mark: number) =>
      this.clock.now() < entry.staleUntil && this.fence.isClear(entry.key, entry.scopes, mark);
    if (stale !== undefined && isServable(stale, since)) {
      this.counters.memory.stale += 1;
      return answerOf(stale, 'stale', 'memory');
    }
    const { fallback } = flight;
    if (fallback === undefined || !isServable(fallback, fallback.since)) return undefined;
    this.counters.shared.stale += 1;
    return answerOf(fallback, 'stale', 'redis');
  }

  /** The flight's answer, or after the soft timeout a stale one, if there is any. */
  private raceStale(
    result: Promise<CacheAnswer<Value>>,
    softTimeout: number,
    standIn: () => CacheAnswer<Value> | undefined,
  ): Promise<CacheAnswer<Value>> {
    return new Promise((resolve, reject) => {
      const timer = this.clock.schedule(softTimeout, () => {
        const answer = standIn();
        if (answer !== undefined) resolve(answer);
      });
      result.then(resolve, reject).finally(() => timer.cancel());
    });
  }

  private nextOrder(): number {
    this.orders += 1;
    return this.orders;
  }
}

/** One argument may be a ready key or a list of parts; several are the parts. */
function keyOf(parts: [CacheKey] | KeyPart[]): CacheKey {
  const [first] = parts;
  if (parts.length === 1 && (typeof first === 'string' || typeof first === 'object')) return first;
  return parts.filter((part) => typeof part !== 'object');
}

function uniqueTags(tags: Iterable<string> | undefined): string[] {
  return tags === undefined ? [] : [...new Set(tags)];
}

function createStore<Value>(
  options: CacheManagerOptions<Value>,
  clock: Clock,
  requestTimeout: number,
): SharedStore | undefined {
  if (options.redis === undefined) return options.store;
  return new RedisStore(options.redis, {
    namespace: options.namespace ?? 'broadsheet',
    clock,
    requestTimeout,
    backgroundTimeout: DEFAULTS.backgroundTimeout,
  });
}

function positive(name: string, value: number): number {
  if (value > 0) return value;
  throw new OperatorError(`cache: ${name} is ${value}; give a number above 0`);
}
