import type { Clock } from '../clock.ts';
import type { Invalidation, SharedStore } from '../shared/store.ts';
import { ChangeFollower } from './change-follower.ts';
import type { ChangeLogSource } from './change-log.ts';
import { SharedLink } from './shared-link.ts';

/** This node's memory, as the rest of the cluster acts on it. */
export interface LocalNode {
  /** Applies invalidations to memory and to fills under way. */
  apply(scopes: readonly string[]): void;
  /** Entries that weren't verified since this moment count as stale. */
  trustSince(moment: number): void;
}

export interface CoherenceOptions {
  clock: Clock;
  nodeId: string;
  node: LocalNode;
  store: SharedStore | undefined;
  changeLog: ChangeLogSource | undefined;
  requestTimeout: number;
}

const HEARTBEAT_MS = 500;
const FOLLOW_MS = 1000;
const FOLLOW_ALONE_MS = 500;
const WATCH_MS = 250;
/** Memory that nobody vouched for since is good for this long; with the above it keeps staleness below 2 s. */
const UNVERIFIED_MS = 1000;
const EVERYTHING = ['*'];

/**
 * Keeps this node in step with the others, by two independent ways: the shared store with its bus, and the change log.
 * While neither answers, entries in memory live for about a second only.
 */
export class Coherence {
  readonly link: SharedLink | undefined;
  private readonly follower: ChangeFollower | undefined;
  private readonly options: CoherenceOptions;
  private followedAt = Number.NEGATIVE_INFINITY;
  private isClosed = false;

  constructor(options: CoherenceOptions) {
    this.options = options;
    const { store, changeLog } = options;
    if (changeLog !== undefined) this.follower = this.createFollower(changeLog);
    if (store !== undefined) this.link = this.createLink(store);
    if (this.isAlone) return;
    this.repeat(
      () => HEARTBEAT_MS,
      () => void this.link?.heartbeat(),
    );
    this.repeat(
      () => (this.link?.isTrusted === true ? FOLLOW_MS : FOLLOW_ALONE_MS),
      () => void this.catchUp(),
    );
    this.repeat(
      () => WATCH_MS,
      () => this.watch(),
    );
    void this.catchUp();
    this.watch();
  }

  /** Tells the others of an invalidation that this node has applied. Never rejects, and waits for a few ms at most. */
  async publish(invalidation: Invalidation): Promise<void> {
    this.follower?.begin(invalidation.changes);
    await this.link?.publish(invalidation);
    this.follower?.end(invalidation.changes);
  }

  /** Reads the change log to its end now; false when there is none or it can't be read. */
  async catchUp(): Promise<boolean> {
    if (this.follower === undefined) return false;
    const startedAt = this.options.clock.now();
    const isDone = await this.follower.follow();
    if (isDone) {
      this.followedAt = startedAt;
      this.watch();
    }
    return isDone;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.link?.close();
  }

  /** Nobody else can change anything: there is nothing to keep in step with. */
  private get isAlone(): boolean {
    return this.link === undefined && this.follower === undefined;
  }

  private createFollower(log: ChangeLogSource): ChangeFollower {
    return new ChangeFollower(log, {
      apply: (scopes) => this.options.node.apply(scopes),
      reset: () => this.options.node.apply(EVERYTHING),
      forward: async (invalidation) => this.link?.forward(invalidation),
    });
  }

  private createLink(store: SharedStore): SharedLink {
    const { clock, nodeId, node, requestTimeout } = this.options;
    return new SharedLink({
      store,
      clock,
      nodeId,
      requestTimeout,
      target: {
        apply: (scopes) => node.apply(scopes),
        historyLost: () => {
          if (this.follower === undefined) node.apply(EVERYTHING);
          else void this.catchUp();
        },
        noteChanges: (changes) => this.follower?.noteSeen(changes),
        appliedChange: () => (this.follower === undefined ? -1 : this.follower.appliedUpTo),
        catchUp: (appliedChange) => this.catchUpStore(appliedChange),
      },
    });
  }

  /** Without a log the store's own order of invalidations is all there is. */
  private async catchUpStore(appliedChange: number): Promise<boolean> {
    if (this.follower === undefined) return true;
    if (!(await this.catchUp())) return false;
    if (appliedChange >= 0) await this.follower.forwardSince(appliedChange);
    return true;
  }

  private watch(): void {
    const now = this.options.clock.now();
    const verifiedAt = Math.max(this.followedAt, this.link?.verifiedAt ?? Number.NEGATIVE_INFINITY);
    const isInTouch = now - verifiedAt <= UNVERIFIED_MS;
    this.options.node.trustSince(isInTouch ? Number.NEGATIVE_INFINITY : now - UNVERIFIED_MS);
  }

  /** Calls at intervals that vary by a tenth, so that nodes don't act in step. */
  private repeat(interval: () => number, action: () => void): void {
    const { clock } = this.options;
    clock.schedule(interval() * (0.9 + 0.2 * clock.random()), () => {
      if (this.isClosed) return;
      action();
      this.repeat(interval, action);
    });
  }
}
