/**
 * The shared tier as the cache needs it. Redis is the real one (`redis-store.ts`); tests bring one in memory that can be
 * held at any step. Both pass one contract suite.
 *
 * Every invalidation gets the next number of one sequence, kept in the store with the scopes' last numbers: the total
 * order that all nodes follow. An epoch is a life of that sequence; when any of it may have been lost (restart,
 * failover, eviction), a new epoch begins and nothing stored under another one is believed.
 */

/** A point in the order of invalidations. */
export interface Position {
  readonly epoch: string;
  readonly sequence: number;
}

export interface StoredEntry {
  /** In the wire format. */
  readonly data: Buffer;
  readonly scopes: readonly string[];
  /** How much longer the store keeps it, milliseconds. */
  readonly remainingMs: number;
}

export interface LeaseRequest {
  /** `NODE.NUMBER`: a node that asks again takes the lease over from its own earlier fill. */
  readonly token: string;
  readonly milliseconds: number;
  /** An entry that stays fresh for no longer than this counts as absent. */
  readonly minFreshMs: number;
}

export interface ReadReply {
  /** Undefined when the store has no valid epoch: nothing in it is believed, and it takes nothing in. */
  readonly position: Position | undefined;
  readonly entry: StoredEntry | undefined;
  /** `granted`: the caller fills. `held`: another node does. `none`: not asked for, not needed, or not possible. */
  readonly lease: 'granted' | 'held' | 'none';
  /** The fill's place in the order of all fills, when the lease was granted. */
  readonly order: number;
}

export interface StoreRequest {
  readonly key: string;
  readonly scopes: readonly string[];
  readonly data: Buffer;
  /** Fresh for, and kept for as stale afterwards; milliseconds. */
  readonly freshMs: number;
  readonly staleMs: number;
}

export interface FillRequest extends StoreRequest {
  /** From the reply to the read that preceded the fill. */
  readonly position: Position;
  readonly order: number;
  readonly token: string;
  /** How long an older fill could still come in, milliseconds. */
  readonly fenceMs: number;
}

/** `fenced`: something it depends on was invalidated since. `superseded`: a newer fill was there. `lost`: another epoch. */
export type StoreOutcome = 'stored' | 'fenced' | 'superseded' | 'lost' | 'full';

export interface Invalidation {
  readonly scopes: readonly string[];
  /** Sequence numbers of the change log that it stems from. */
  readonly changes: readonly number[];
}

export interface SyncRequest {
  /** Up to where the caller has applied every invalidation; undefined at the start. */
  readonly known: (Position & { readonly nonce: string }) | undefined;
  /** Becomes the epoch when the store has none that can be believed. */
  readonly freshEpoch: string;
  /** Every change of the log up to this one is known to be in the store; -1 when nothing is known. */
  readonly appliedChange: number;
}

export interface SyncReply {
  readonly position: Position;
  /** Identifies the invalidation at `position`: tells histories apart that share epoch and number. */
  readonly nonce: string;
  /** Scopes invalidated after `known`; undefined when the store can't tell all of them. */
  readonly missed: readonly string[] | undefined;
  readonly appliedChange: number;
}

/** What the bus carries: one message for each invalidation, published in the same step. */
export interface BusMessage extends Invalidation {
  readonly position: Position;
  readonly nonce: string;
  readonly sender: string;
}

export interface SharedStoreListener {
  /** The connection for commands is up, or was lost: nothing read before counts after. */
  onConnected(): void;
  onDisconnected(reason: string): void;
  onMessage(message: BusMessage): void;
}

/** How long an operation may take: a request's few milliseconds, or the patience of background work. */
export type Patience = 'request' | 'background';

/** Operations reject on any failure; a late effect of one that rejected is possible and harmless. */
export interface SharedStore {
  start(sender: string, listener: SharedStoreListener): void;
  read(key: string, lease: LeaseRequest | undefined): Promise<ReadReply>;
  /** Stores what a fill made, if nothing invalidated it since. */
  store(request: FillRequest): Promise<StoreOutcome>;
  /**
   * Stores an explicit value: invalidates the key and takes its place in one step. Only the former is done when the
   * key, or what the value depends on, was invalidated after the position that the caller had seen.
   */
  set(request: StoreRequest, seen: Position): Promise<Position>;
  invalidate(invalidation: Invalidation, patience: Patience): Promise<Position>;
  /** Keeps a lease for so much longer, if it is still held. */
  renew(key: string, token: string, milliseconds: number): Promise<void>;
  /** Gives a lease back after a failed fill. */
  release(key: string, token: string): Promise<void>;
  sync(request: SyncRequest): Promise<SyncReply>;
  close(): Promise<void>;
}
