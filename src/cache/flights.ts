import type { EntryDraft } from './entry.ts';
import type { Fence } from './fence.ts';

/** One search for a key's value: from the shared tier, or by a fill. All who ask meanwhile wait for it. */
export class Flight<Answer, Value> {
  readonly key: string;
  /** The fence's tick before the last look at a tier: nothing that the result rests on is older. */
  since: number;
  readonly order: number;
  /** A refresh of an entry that is fresh: once that has expired, the result comes too late. */
  readonly expiresAt: number;
  readonly controller = new AbortController();
  /** Past its deadline, or done. */
  isClosed = false;
  /** A stale value that the shared tier had. */
  fallback: EntryDraft<Value> | undefined;
  result: Promise<Answer> | undefined;

  constructor(key: string, since: number, order: number, expiresAt: number) {
    this.key = key;
    this.since = since;
    this.order = order;
    this.expiresAt = expiresAt;
  }
}

interface Group<Answer, Value> {
  running: number;
  latest: Flight<Answer, Value>;
  /** The newest value stored while any flight of the key was under way. */
  newestStored: number;
}

/** The flights under way, by key. There are several for one only after an invalidation: then the latest is joined. */
export class Flights<Answer, Value> {
  private readonly groups = new Map<string, Group<Answer, Value>>();
  private readonly fence: Fence;

  constructor(fence: Fence) {
    this.fence = fence;
  }

  /**
   * The flight that a request arriving now may join. Not one from before an invalidation of the key, or of any tag: what
   * tags its result will carry isn't known yet.
   */
  joinable(key: string, scopes: readonly string[]): Flight<Answer, Value> | undefined {
    const flight = this.groups.get(key)?.latest;
    if (flight === undefined || flight.isClosed || this.fence.hasTagSince(flight.since)) return undefined;
    return this.fence.isClear(key, scopes, flight.since) ? flight : undefined;
  }

  isFlying(key: string): boolean {
    return this.groups.size > 0 && this.groups.has(key);
  }

  add(flight: Flight<Answer, Value>): void {
    const group = this.groups.get(flight.key);
    if (group === undefined) {
      this.groups.set(flight.key, { running: 1, latest: flight, newestStored: 0 });
    } else {
      group.running += 1;
      group.latest = flight;
    }
  }

  remove(flight: Flight<Answer, Value>): void {
    const group = this.groups.get(flight.key);
    if (group === undefined) return;
    group.running -= 1;
    if (group.running === 0) this.groups.delete(flight.key);
  }

  /** Notes that a value was stored, so that no older flight replaces it, even after it is gone again. */
  noteStored(key: string, order: number): void {
    if (this.groups.size === 0) return;
    const group = this.groups.get(key);
    if (group !== undefined) group.newestStored = Math.max(group.newestStored, order);
  }

  isSuperseded(key: string, order: number): boolean {
    return this.groups.size > 0 && (this.groups.get(key)?.newestStored ?? 0) > order;
  }
}
