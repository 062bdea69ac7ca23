import type { Clock } from '../clock.ts';
import { reportLink } from '../events.ts';
import type {
  BusMessage,
  FillRequest,
  Invalidation,
  LeaseRequest,
  Position,
  ReadReply,
  SharedStore,
  StoreOutcome,
  StoreRequest,
  SyncReply,
} from '../shared/store.ts';
import { PendingInvalidations } from './pending.ts';
import { UnsettledInvalidations } from './unsettled.ts';

export interface SharedLinkTarget {
  /** Applies to this node what others invalidated. */
  apply(scopes: readonly string[]): void;
  /** The history that this node followed is gone: what it holds can't be checked against the store. */
  historyLost(): void;
  /** Changes that a message told of. */
  noteChanges(changes: readonly number[]): void;
  /** Up to where this node has applied the change log, -1 without one; undefined before it could be read. */
  appliedChange(): number | undefined;
  /** Catches up from the change log, and passes on what the store may lack; false when it couldn't. */
  catchUp(appliedChange: number): Promise<boolean>;
}

export interface SharedLinkOptions {
  store: SharedStore;
  clock: Clock;
  target: SharedLinkTarget;
  /** Name of this node among the others, unique to this process. */
  nodeId: string;
  /** Above this round trip the store is of no use to requests, milliseconds. */
  requestTimeout: number;
}

export interface LinkRead extends ReadReply {
  /** For `mayUse` and `store`: when the read began. */
  readonly mark: number;
  readonly belief: number;
}

type Known = Position & { readonly nonce: string };

/** Failures in a row after which requests no longer try. */
const FAILURES_TO_OPEN = 3;
const RETRY_MIN_MS = 25;
const RETRY_MAX_MS = 1000;

/**
 * This node's relation to the shared store: whether what it says is believed, and up to where this node has followed its
 * invalidations.
 *
 * The store is believed only while connected, answering in time, and in step: same epoch, no invalidation of this node
 * outstanding, change log caught up. Everything else makes requests skip it at no cost, while recovery runs behind them.
 */
export class SharedLink {
  isTrusted = false;
  /** When the store last confirmed that this node has missed nothing, milliseconds of the clock. */
  verifiedAt = Number.NEGATIVE_INFINITY;
  private readonly options: SharedLinkOptions;
  private readonly store: SharedStore;
  private readonly pending = new PendingInvalidations();
  private readonly unsettled = new UnsettledInvalidations();
  private known: Known | undefined;
  /** The furthest position that any reply or message told of; `known` may lag behind it. */
  private seen: Position | undefined;
  /** Changes with every gain and loss of trust: a reply that straddles one isn't used. */
  private belief = 0;
  private failures = 0;
  private epochs = 0;
  private isConnected = false;
  private isRecovering = false;
  private isFlushing = false;
  private isBeating = false;
  private isBeatDue = false;
  private isClosed = false;

  constructor(options: SharedLinkOptions) {
    this.options = options;
    this.store = options.store;
    this.store.start(options.nodeId, {
      onConnected: () => {
        this.isConnected = true;
        void this.recover();
      },
      onDisconnected: (reason) => {
        this.isConnected = false;
        this.distrust(reason);
      },
      onMessage: (message) => this.receive(message),
    });
  }

  /** Reads for a request; undefined when the store can't be believed or didn't answer in time. */
  async read(key: string, lease: LeaseRequest | undefined): Promise<LinkRead | undefined> {
    if (!this.isTrusted) return undefined;
    const { belief, known } = this;
    const mark = this.unsettled.mark;
    const reply = await this.attempt(() => this.store.read(key, lease));
    const isUsable = reply !== undefined && belief === this.belief && this.isInStep(reply.position, known);
    if (!isUsable) {
      // The reply may have brought a lease, or may yet: nobody shall wait for its holder.
      if (lease !== undefined) void this.release(key, lease.token);
      return undefined;
    }
    if (reply.position !== undefined) this.notePosition(reply.position);
    return { ...reply, mark, belief };
  }

  /** Whether an entry that was read may be used: no invalidation of this node was on its way to the store. */
  mayUse(read: LinkRead, key: string, scopes: readonly string[]): boolean {
    return read.belief === this.belief && this.unsettled.allows(key, scopes, read.mark);
  }

  /** Offers the result of a fill; undefined when it couldn't be delivered. */
  async offer(request: FillRequest, belief: number): Promise<StoreOutcome | undefined> {
    if (belief !== this.belief) {
      void this.release(request.key, request.token);
      return undefined;
    }
    const outcome = await this.attempt(() => this.store.store(request));
    if (outcome === 'lost') this.distrust('the store began a new epoch');
    return outcome;
  }

  /** Keeps a lease while its fill runs. */
  async renew(key: string, token: string, milliseconds: number): Promise<void> {
    if (this.isTrusted) await this.attempt(() => this.store.renew(key, token, milliseconds));
  }

  /** Gives a lease back. Worth a try in any state: left alone, it ends by itself a moment later. */
  async release(key: string, token: string): Promise<void> {
    if (this.isConnected) await this.store.release(key, token).catch(() => undefined);
  }

  /** Stores an explicit value. Never rejects; what can't be delivered is made up for as an invalidation of the key. */
  set(request: StoreRequest): Promise<void> {
    const invalidation = { scopes: [`k|${request.key}`], changes: [] };
    const { epoch = '', sequence = 0 } = this.seen ?? {};
    return this.deliver(invalidation, () => this.store.set(request, { epoch, sequence }));
  }

  /** Tells the store and the other nodes. Never rejects: what can't be delivered now is delivered later. */
  publish(invalidation: Invalidation): Promise<void> {
    return this.deliver(invalidation, () => this.store.invalidate(invalidation, 'request'));
  }

  /** As `publish`, for background work, and also while the store isn't believed. */
  async forward(invalidation: Invalidation): Promise<void> {
    this.pending.add(invalidation);
    if (this.isConnected) await this.flush();
    if (!this.pending.isEmpty) this.distrust('an invalidation could not be delivered');
  }

  /** Asks the store what this node missed; to be called about every half second. */
  async heartbeat(): Promise<void> {
    if (!this.isTrusted) {
      void this.recover();
      return;
    }
    this.isBeatDue = true;
    if (this.isBeating) return;
    this.isBeating = true;
    while (this.isBeatDue && this.isTrusted) {
      this.isBeatDue = false;
      await this.checkStep();
    }
    this.isBeating = false;
  }

  private async checkStep(): Promise<void> {
    const epoch = this.known?.epoch;
    try {
      await this.synchronize();
      if (this.known?.epoch !== epoch) this.distrust('the store began a new epoch');
    } catch (error) {
      this.distrust(error instanceof Error ? error.message : 'no answer');
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.isTrusted = false;
    this.belief += 1;
    await this.store.close();
  }

  private async deliver(invalidation: Invalidation, send: () => Promise<Position>): Promise<void> {
    if (!this.isTrusted) {
      this.pending.add(invalidation);
      if (this.isConnected) void this.flush();
      return;
    }
    this.unsettled.begin(invalidation.scopes);
    try {
      this.notePosition(await send());
    } catch {
      this.pending.add(invalidation);
      this.distrust('an invalidation could not be delivered');
    } finally {
      this.unsettled.end(invalidation.scopes);
    }
  }

  private async attempt<Result>(operation: () => Promise<Result>): Promise<Result | undefined> {
    try {
      const result = await operation();
      this.failures = 0;
      return result;
    } catch (error) {
      this.failures += 1;
      if (this.failures >= FAILURES_TO_OPEN) {
        this.distrust(error instanceof Error ? error.message : 'no answer');
      }
      return undefined;
    }
  }

  /** A store that lost its epoch, or went back to before what this node had seen when it asked, isn't believed. */
  private isInStep(position: Position | undefined, known: Known | undefined): boolean {
    const isOurs = position !== undefined && known !== undefined && position.epoch === known.epoch;
    if (isOurs && position.sequence >= known.sequence) return true;
    this.distrust('the store has lost its memory');
    return false;
  }

  private notePosition(position: Position): void {
    const isFurther = position.epoch !== this.seen?.epoch || position.sequence > this.seen.sequence;
    if (isFurther && position.epoch === this.known?.epoch) this.seen = position;
  }

  private receive(message: BusMessage): void {
    const { position, nonce, sender, scopes, changes } = message;
    const { known } = this;
    if (position.epoch === '') {
      this.distrust('the store ran out of memory');
      return;
    }
    const isSameEpoch = known !== undefined && position.epoch === known.epoch;
    this.options.target.noteChanges(changes);
    if (isSameEpoch && position.sequence <= known.sequence) return;
    // Applying early or twice does no harm; own invalidations were applied when they were made.
    if (sender !== this.options.nodeId) this.options.target.apply(scopes);
    this.notePosition(position);
    if (isSameEpoch && position.sequence === known.sequence + 1) this.known = { ...position, nonce };
    else void this.heartbeat();
  }

  private distrust(reason: string): void {
    this.failures = 0;
    if (this.isTrusted) {
      this.isTrusted = false;
      this.belief += 1;
      reportLink({ isTrusted: false, reason });
    }
    void this.recover();
  }

  /** Works until the store can be believed again. */
  private async recover(): Promise<void> {
    if (this.isRecovering) return;
    this.isRecovering = true;
    let delay = RETRY_MIN_MS;
    while (this.isConnected && !this.isTrusted && !this.isClosed) {
      const isDone = await this.tryRecover().catch(() => false);
      if (isDone) break;
      await this.pause(delay);
      delay = Math.min(RETRY_MAX_MS, delay * 2);
    }
    this.isRecovering = false;
  }

  private async tryRecover(): Promise<boolean> {
    const { target, clock, requestTimeout } = this.options;
    // The log's position comes first: an epoch begun without it would say nothing about what it contains.
    if (target.appliedChange() === undefined && !(await target.catchUp(-1))) return false;
    const first = await this.synchronize();
    if (!(await this.flush()) || !(await target.catchUp(first.appliedChange))) return false;
    const startedAt = clock.now();
    const second = await this.synchronize();
    const isInTime = clock.now() - startedAt <= requestTimeout;
    const isSteady = second.position.epoch === first.position.epoch && this.isConnected && !this.isClosed;
    if (!isInTime || !isSteady || !this.pending.isEmpty) return false;
    this.isTrusted = true;
    this.belief += 1;
    reportLink({ isTrusted: true, reason: 'caught up' });
    return true;
  }

  /** Learns what was invalidated since the position that this node knows. */
  private async synchronize(): Promise<SyncReply> {
    const { clock, target, nodeId } = this.options;
    const startedAt = clock.now();
    const asked = this.known;
    this.epochs += 1;
    const isConfirmed = this.pending.isEmpty && this.unsettled.isEmpty && !this.isFlushing;
    const reply = await this.store.sync({
      known: asked,
      freshEpoch: `${nodeId}.${this.epochs}`,
      appliedChange: isConfirmed ? (target.appliedChange() ?? -1) : -1,
    });
    if (this.adopt(reply, asked)) this.verifiedAt = startedAt;
    return reply;
  }

  /** False when the store could not tell all that this node missed. */
  private adopt(reply: SyncReply, asked: Known | undefined): boolean {
    const { target } = this.options;
    const { known } = this;
    const isSameEpoch = known !== undefined && known.epoch === reply.position.epoch;
    const isContinued = isSameEpoch && asked?.epoch === known.epoch && reply.missed !== undefined;
    if (isContinued) target.apply(reply.missed ?? []);
    else target.historyLost();
    // Messages may have brought this node further while the question was under way.
    if (!isSameEpoch || reply.position.sequence > known.sequence) {
      this.known = { ...reply.position, nonce: reply.nonce };
    }
    this.notePosition(reply.position);
    return isContinued;
  }

  /** Delivers what is outstanding; false when some of it couldn't be. */
  private async flush(): Promise<boolean> {
    if (this.isFlushing) return false;
    this.isFlushing = true;
    try {
      while (!this.pending.isEmpty) {
        const batch = this.pending.take();
        try {
          await this.store.invalidate(batch, 'background');
        } catch {
          this.pending.add(batch);
          return false;
        }
      }
      return true;
    } finally {
      this.isFlushing = false;
    }
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.options.clock.schedule(milliseconds, resolve);
    });
  }
}
