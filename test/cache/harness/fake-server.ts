import type { Clock } from '../../../src/cache/clock.ts';
import type {
  BusMessage,
  FillRequest,
  Invalidation,
  LeaseRequest,
  Position,
  ReadReply,
  StoreOutcome,
  StoreRequest,
  SyncReply,
  SyncRequest,
} from '../../../src/cache/shared/store.ts';

interface FakeEntry {
  readonly epoch: string;
  readonly since: number;
  readonly order: number;
  readonly scopes: readonly string[];
  readonly data: Buffer;
  readonly staleMs: number;
  readonly expiresAt: number;
}

interface Control {
  epoch: string;
  sequence: number;
  nonce: string;
  orders: number;
  floor: number;
  appliedChange: number;
  run: number;
  stamps: Map<string, number>;
}

interface Lease {
  readonly token: string;
  /** Set once a fill of that order was stored. */
  readonly doneOrder: number;
  readonly expiresAt: number;
}

/** What the scripts in Redis do, as plain functions over maps: the one contract suite holds the two to each other. */
export class FakeServer {
  control: Control | undefined;
  readonly entries = new Map<string, FakeEntry>();
  onPublish: (message: BusMessage) => void = () => undefined;
  private leases = new Map<string, Lease>();
  private run = 1;
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** All of its state, to be put back by `restart`. */
  snapshot(): () => void {
    const control = this.control && { ...this.control, stamps: new Map(this.control.stamps) };
    const entries = [...this.entries];
    return () => {
      this.control = control && { ...control, stamps: new Map(control.stamps) };
      this.entries.clear();
      for (const [key, entry] of entries) this.entries.set(key, entry);
    };
  }

  /** A new process with the given content, or none. */
  restart(restore: (() => void) | undefined): void {
    this.run += 1;
    this.control = undefined;
    this.entries.clear();
    this.leases = new Map();
    restore?.();
  }

  read(key: string, lease: LeaseRequest | undefined): ReadReply {
    const { control } = this;
    if (control === undefined) return { position: undefined, entry: undefined, lease: 'none', order: 0 };
    const now = this.clock.now();
    const stored = this.entries.get(key);
    const isValid =
      stored !== undefined &&
      stored.expiresAt > now &&
      stored.epoch === control.epoch &&
      this.isClear(control, stored.since, stored.scopes);
    const entry = isValid
      ? { data: stored.data, scopes: stored.scopes, remainingMs: stored.expiresAt - now }
      : undefined;
    const freshMs = isValid ? stored.expiresAt - now - stored.staleMs : 0;
    const position = positionOf(control);
    if (lease === undefined || (isValid && freshMs > lease.minFreshMs)) {
      return { position, entry, lease: 'none', order: 0 };
    }
    const held = this.leaseOf(key);
    if (held !== undefined && held.doneOrder === 0 && holderOf(held.token) !== holderOf(lease.token)) {
      return { position, entry, lease: 'held', order: 0 };
    }
    control.orders += 1;
    this.leases.set(key, { token: lease.token, doneOrder: 0, expiresAt: now + lease.milliseconds });
    return { position, entry, lease: 'granted', order: control.orders };
  }

  store(request: FillRequest): StoreOutcome {
    const { control } = this;
    const held = this.leaseOf(request.key);
    if (control === undefined || control.epoch !== request.position.epoch) {
      if (held?.token === request.token) this.leases.delete(request.key);
      return 'lost';
    }
    const since = request.position.sequence;
    const outcome = this.judge(control, request, since, held);
    if (outcome === 'stored') {
      this.put(control, request, since, request.order);
      const expiresAt = this.clock.now() + request.fenceMs;
      this.leases.set(request.key, { token: '', doneOrder: request.order, expiresAt });
    } else if (held?.token === request.token) this.leases.delete(request.key);
    return outcome;
  }

  set(request: StoreRequest, seen: Position, sender: string, nonce: string): Position {
    this.entries.delete(request.key);
    const before = this.control;
    const isCurrent =
      before?.epoch === seen.epoch &&
      this.isClear(before, seen.sequence, [...request.scopes, `k|${request.key}`]);
    const control = this.bump({ scopes: [`k|${request.key}`], changes: [] }, sender, nonce);
    if (!isCurrent) return positionOf(control);
    control.orders += 1;
    this.put(control, request, control.sequence, control.orders);
    return positionOf(control);
  }

  invalidate(invalidation: Invalidation, sender: string, nonce: string): Position {
    for (const scope of invalidation.scopes) {
      if (scope.startsWith('k|')) this.entries.delete(scope.slice(2));
    }
    return positionOf(this.bump(invalidation, sender, nonce));
  }

  renew(key: string, token: string, milliseconds: number): void {
    const held = this.leaseOf(key);
    if (held?.token === token) this.leases.set(key, { ...held, expiresAt: this.clock.now() + milliseconds });
  }

  release(key: string, token: string): void {
    if (this.leases.get(key)?.token === token) this.leases.delete(key);
  }

  sync({ known, freshEpoch, appliedChange }: SyncRequest): SyncReply {
    const current = this.control;
    const isSame = current !== undefined && current.epoch === known?.epoch;
    const isRewound =
      isSame &&
      known !== undefined &&
      (current.sequence < known.sequence ||
        (current.sequence === known.sequence && current.nonce !== known.nonce));
    if (current === undefined || current.run !== this.run || isRewound) {
      const control = this.begin(freshEpoch, appliedChange);
      return { position: positionOf(control), nonce: freshEpoch, missed: undefined, appliedChange };
    }
    current.appliedChange = Math.max(current.appliedChange, appliedChange);
    const from =
      isSame && known !== undefined && known.sequence >= current.floor ? known.sequence : undefined;
    const missed = [...current.stamps].filter(([, stamp]) => stamp > (from ?? 0)).map(([scope]) => scope);
    return {
      position: positionOf(current),
      nonce: current.nonce,
      missed: from === undefined ? undefined : missed,
      appliedChange: current.appliedChange,
    };
  }

  private begin(epoch: string, appliedChange: number): Control {
    this.control = {
      epoch,
      sequence: 0,
      nonce: epoch,
      orders: 0,
      floor: 0,
      appliedChange,
      run: this.run,
      stamps: new Map(),
    };
    return this.control;
  }

  private bump(invalidation: Invalidation, sender: string, nonce: string): Control {
    const { control } = this;
    if (control === undefined) throw new Error('no epoch');
    control.sequence += 1;
    control.nonce = nonce;
    for (const scope of invalidation.scopes) {
      if (scope === '*') {
        control.floor = control.sequence;
        control.stamps.clear();
      } else control.stamps.set(scope, control.sequence);
    }
    this.onPublish({ ...invalidation, position: positionOf(control), nonce, sender });
    return control;
  }

  private judge(
    control: Control,
    request: FillRequest,
    since: number,
    held: Lease | undefined,
  ): StoreOutcome {
    const isFenced = (control.stamps.get(`k|${request.key}`) ?? 0) > since;
    if (isFenced || !this.isClear(control, since, request.scopes)) return 'fenced';
    const there = this.entries.get(request.key);
    const isThere = there?.epoch === control.epoch && there.expiresAt > this.clock.now();
    const newest = Math.max(held?.doneOrder ?? 0, isThere ? there.order : 0);
    return newest > request.order ? 'superseded' : 'stored';
  }

  private put(control: Control, request: StoreRequest, since: number, order: number): void {
    this.entries.set(request.key, {
      epoch: control.epoch,
      since,
      order,
      scopes: request.scopes,
      data: request.data,
      staleMs: Math.floor(request.staleMs),
      expiresAt: this.clock.now() + Math.ceil(request.freshMs + request.staleMs),
    });
  }

  private isClear(control: Control, since: number, scopes: readonly string[]): boolean {
    return since >= control.floor && !scopes.some((scope) => (control.stamps.get(scope) ?? 0) > since);
  }

  private leaseOf(key: string): Lease | undefined {
    const lease = this.leases.get(key);
    return lease !== undefined && lease.expiresAt > this.clock.now() ? lease : undefined;
  }
}

function positionOf({ epoch, sequence }: { epoch: string; sequence: number }): Position {
  return { epoch, sequence };
}

/** A token is `NODE.NUMBER`. */
const holderOf = (token: string): string => /^(.*)\./.exec(token)?.[1] ?? token;
