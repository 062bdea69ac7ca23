import type { CacheAnswer } from './answer.ts';
import type { Clock, Timer } from './clock.ts';
import type { ValueCodec } from './codec.ts';
import type { LinkRead, SharedLink } from './coherence/shared-link.ts';
import type { EntryDraft } from './entry.ts';
import { reportFailure } from './events.ts';
import type { Fence } from './fence.ts';
import { beforeDeadline, type FillResult, type ResolvedOptions, runFill } from './fill.ts';
import type { Flight, Flights } from './flights.ts';
import { draftOf, fromWire, type LifetimeRules, lifetimeOf, toWire } from './lifetime.ts';
import type { MemoryTier } from './memory/tier.ts';
import type { Fill } from './options.ts';
import type { LeaseRequest } from './shared/store.ts';
import type { Counters } from './stats.ts';

export interface LoaderParts<Value> {
  clock: Clock;
  fence: Fence;
  memory: MemoryTier<Value>;
  link: SharedLink | undefined;
  flights: Flights<CacheAnswer<Value>, Value>;
  codec: ValueCodec<Value>;
  counters: Counters;
  rules: LifetimeRules;
  /** A lease lasts this long unless renewed, milliseconds. */
  lease: number;
  /** How long a node waits for another one's fill, milliseconds. */
  patience: number;
  nodeId: string;
}

interface SharedFinding<Value> {
  readonly hit?: EntryDraft<Value>;
  /** The last reply when it was no hit; it may have brought the lease. */
  readonly read?: LinkRead;
}

const POLL_MIN_MS = 5;
const POLL_MAX_MS = 50;
const MAX_READS = 3;

/** Finds a value that memory doesn't have: in the shared tier, by waiting for another node's fill, or by a fill. */
export class Loader<Value> {
  private readonly parts: LoaderParts<Value>;
  private tokens = 0;

  constructor(parts: LoaderParts<Value>) {
    this.parts = parts;
  }

  /** Runs a flight to its end, which its deadline brings at the latest. */
  async load(
    flight: Flight<CacheAnswer<Value>, Value>,
    fill: Fill<Value>,
    options: ResolvedOptions,
  ): Promise<CacheAnswer<Value>> {
    const { clock, counters, flights } = this.parts;
    const deadline = () => {
      flight.isClosed = true;
      counters.fills.timedOut += 1;
      flight.controller.abort();
    };
    try {
      return await beforeDeadline(clock, options.hardTimeout, this.search(flight, fill, options), deadline);
    } catch (error) {
      counters.fills.failed += 1;
      throw error;
    } finally {
      flight.isClosed = true;
      flights.remove(flight);
    }
  }

  /** A look at the shared tier alone; undefined when it has nothing fresh. */
  async peekShared(key: string, order: number): Promise<EntryDraft<Value> | undefined> {
    const { link, clock, counters } = this.parts;
    if (link?.isTrusted !== true) return undefined;
    const { copy } = await this.readShared(key, order, undefined);
    if (copy === undefined || clock.now() >= copy.freshUntil) {
      counters.shared.misses += 1;
      return undefined;
    }
    counters.shared.hits += 1;
    this.keep(copy);
    return copy;
  }

  /** Stores in memory unless something that the entry rests on was invalidated, or a newer value came first. */
  keep(draft: EntryDraft<Value>): boolean {
    const { fence, memory, flights, counters } = this.parts;
    const isCurrent =
      fence.isClear(draft.key, draft.scopes, draft.since) && !flights.isSuperseded(draft.key, draft.order);
    if (!isCurrent) counters.memory.rejected += 1;
    if (!isCurrent || !memory.store(draft)) return false;
    flights.noteStored(draft.key, draft.order);
    return true;
  }

  private async search(
    flight: Flight<CacheAnswer<Value>, Value>,
    fill: Fill<Value>,
    options: ResolvedOptions,
  ): Promise<CacheAnswer<Value>> {
    this.tokens += 1;
    const token = `${this.parts.nodeId}.${this.tokens}`;
    // Without a shared tier the fill starts at once, in the same turn as the request.
    const shared: SharedFinding<Value> =
      this.parts.link?.isTrusted === true ? await this.searchShared(flight, token) : {};
    if (shared.hit !== undefined) return answerOf(shared.hit, 'hit', 'redis');
    try {
      return await this.fill(flight, fill, options, shared.read, token);
    } catch (error) {
      if (shared.read?.lease === 'granted') void this.parts.link?.release(flight.key, token);
      throw error;
    }
  }

  /** Reads the shared tier, with the wish to fill; waits while another node does. */
  private async searchShared(
    flight: Flight<CacheAnswer<Value>, Value>,
    token: string,
  ): Promise<SharedFinding<Value>> {
    const { link, clock, lease, patience, counters } = this.parts;
    if (link === undefined) return {};
    const patientUntil = clock.now() + patience;
    for (let pause = POLL_MIN_MS; ; pause = Math.min(POLL_MAX_MS, pause * 2)) {
      // A refresh wants something that lasts longer than what it refreshes.
      const askedAt = clock.now();
      const minFreshMs = Number.isFinite(flight.expiresAt) ? Math.max(0, flight.expiresAt - askedAt) + 1 : 0;
      const request = { token, milliseconds: lease, minFreshMs };
      const { read, copy, since } = await this.readShared(flight.key, flight.order, request);
      if (read === undefined) return {};
      flight.since = since;
      if (copy !== undefined && clock.now() < copy.freshUntil && copy.freshUntil > askedAt + minFreshMs) {
        counters.shared.hits += 1;
        if (!flight.isClosed) this.keep(copy);
        return { hit: copy };
      }
      flight.fallback = copy;
      if (read.lease !== 'held' || clock.now() >= patientUntil || flight.isClosed) {
        counters.shared.misses += 1;
        return { read };
      }
      await new Promise<void>((resolve) => clock.schedule(pause, resolve));
    }
  }

  /**
   * Reads, again when an invalidation came in between: most often the entry is newer than that, and the news of it was
   * only slower.
   */
  private async readShared(
    key: string,
    order: number,
    lease: LeaseRequest | undefined,
  ): Promise<{ read?: LinkRead | undefined; copy?: EntryDraft<Value> | undefined; since: number }> {
    const { link, fence, clock } = this.parts;
    for (let attempt = 1; ; attempt++) {
      const provenance = { since: fence.tick, order, askedAt: clock.now() };
      const read = await link?.read(key, lease);
      const copy = read && this.copy(key, read, provenance);
      const isOvertaken = read?.entry !== undefined && copy === undefined;
      if (!isOvertaken || attempt === MAX_READS) return { read, copy, since: provenance.since };
    }
  }

  private copy(
    key: string,
    read: LinkRead,
    provenance: { since: number; order: number; askedAt: number },
  ): EntryDraft<Value> | undefined {
    const { link, codec, clock, fence } = this.parts;
    const stored = read.entry;
    if (stored === undefined || link === undefined || !link.mayUse(read, key, stored.scopes))
      return undefined;
    if (!fence.isClear(key, stored.scopes, provenance.since)) return undefined;
    try {
      return fromWire(key, stored, clock.now(), provenance, codec);
    } catch (error) {
      reportFailure({ operation: 'decode', key, error });
      return undefined;
    }
  }

  private async fill(
    flight: Flight<CacheAnswer<Value>, Value>,
    fill: Fill<Value>,
    options: ResolvedOptions,
    read: LinkRead | undefined,
    token: string,
  ): Promise<CacheAnswer<Value>> {
    const { clock, counters } = this.parts;
    const askedAt = clock.now();
    counters.fills.started += 1;
    const renewal = read?.lease === 'granted' ? this.keepLease(flight, token) : undefined;
    const result = await runFill(fill, options, flight.controller.signal).finally(() => renewal?.cancel());
    const draft = this.draft(flight, result, askedAt);
    const isKeepable = !result.isSkipped && !flight.isClosed && clock.now() < flight.expiresAt;
    const isStored = isKeepable && this.keep(draft);
    if (isStored) void this.offer(draft, read, token, options.hardTimeout);
    else if (read?.lease === 'granted') void this.parts.link?.release(flight.key, token);
    return { entry: draft, status: 'filled', tier: 'origin', isJoined: false, isStored };
  }

  /** Renews the lease until cancelled or the flight's deadline. It is short, so that a leader that dies costs little. */
  private keepLease(flight: Flight<CacheAnswer<Value>, Value>, token: string): Timer {
    const { clock, link, lease } = this.parts;
    let timer: Timer;
    const renewLater = () => {
      timer = clock.schedule(lease / 3, () => {
        if (flight.isClosed) return;
        void link?.renew(flight.key, token, lease);
        renewLater();
      });
    };
    renewLater();
    return { cancel: () => timer.cancel() };
  }

  private draft(
    flight: Flight<CacheAnswer<Value>, Value>,
    result: FillResult<Value>,
    askedAt: number,
  ): EntryDraft<Value> {
    const { clock, rules, codec } = this.parts;
    const lifetime = lifetimeOf(result, rules, clock);
    const provenance = { since: flight.since, order: flight.order, askedAt };
    return draftOf(flight.key, result.value, [...result.tags], lifetime, clock.now(), provenance, codec);
  }

  /** Gives a fill's result to the shared tier; what that knows to be outdated leaves memory too. */
  private async offer(
    draft: EntryDraft<Value>,
    read: LinkRead | undefined,
    token: string,
    fenceMs: number,
  ): Promise<void> {
    const { link, codec, memory, counters } = this.parts;
    if (link === undefined || read?.position === undefined || read.lease !== 'granted') return;
    const request = {
      key: draft.key,
      scopes: draft.scopes,
      data: toWire(draft, codec),
      freshMs: draft.freshUntil - draft.createdAt,
      staleMs: draft.staleUntil - draft.freshUntil,
      position: read.position,
      order: read.order,
      token,
      fenceMs,
    };
    const outcome = await link.offer(request, read.belief);
    if (outcome === 'stored') counters.shared.stored += 1;
    if (outcome !== 'fenced' && outcome !== 'superseded') return;
    counters.shared.rejected += 1;
    memory.deleteIfFrom(draft.key, draft.order);
  }
}

export function answerOf<Value>(
  entry: EntryDraft<Value>,
  status: CacheAnswer<Value>['status'],
  tier: CacheAnswer<Value>['tier'],
): CacheAnswer<Value> {
  return { entry, status, tier, isJoined: false, isStored: false };
}
