import type { Clock } from '../../../src/cache/clock.ts';
import type {
  BusMessage,
  FillRequest,
  Invalidation,
  LeaseRequest,
  Patience,
  Position,
  ReadReply,
  SharedStore,
  SharedStoreListener,
  StoreOutcome,
  StoreRequest,
  SyncReply,
  SyncRequest,
} from '../../../src/cache/shared/store.ts';
import type { FakeServer } from './fake-server.ts';
import type { Schedule } from './schedule.ts';

const REQUEST_TIMEOUT_MS = 10;
const BACKGROUND_TIMEOUT_MS = 1000;

/** What goes wrong between a node and the server. */
export interface Faults {
  /** The server answers nothing. */
  isPaused: boolean;
  /** How many copies of the next message arrive; 1 when nothing is wrong. */
  copiesOfNextMessage: number;
}

/** A node's connection to a fake server; every request, reply and message waits to be scheduled. */
export class FakeStore implements SharedStore {
  isConnected = false;
  /** A subscriber that is gone hears nothing. */
  isSubscribed = true;
  private readonly server: FakeServer;
  private readonly schedule: Schedule;
  private readonly clock: Clock;
  private readonly faults: Faults;
  private listener: SharedStoreListener | undefined;
  private sender = '';
  private operations = 0;
  private connection = 0;

  constructor(server: FakeServer, schedule: Schedule, clock: Clock, faults: Faults) {
    this.server = server;
    this.schedule = schedule;
    this.clock = clock;
    this.faults = faults;
  }

  start(sender: string, listener: SharedStoreListener): void {
    this.sender = sender;
    this.listener = listener;
    void this.schedule.point().then(() => this.connect());
  }

  connect(): void {
    if (this.isConnected) return;
    this.isConnected = true;
    this.connection += 1;
    this.listener?.onConnected();
  }

  disconnect(): void {
    if (!this.isConnected) return;
    this.isConnected = false;
    this.connection += 1;
    this.listener?.onDisconnected('cut');
  }

  async deliver(message: BusMessage): Promise<void> {
    await this.schedule.point();
    if (this.isSubscribed) this.listener?.onMessage(message);
  }

  read(key: string, lease: LeaseRequest | undefined): Promise<ReadReply> {
    return this.call(() => this.server.read(key, lease));
  }

  store(request: FillRequest): Promise<StoreOutcome> {
    return this.call(() => this.server.store(request));
  }

  set(request: StoreRequest, seen: Position): Promise<Position> {
    return this.call(() => this.server.set(request, seen, this.sender, this.nonce()));
  }

  invalidate(invalidation: Invalidation, patience: Patience): Promise<Position> {
    const timeout = patience === 'request' ? REQUEST_TIMEOUT_MS : BACKGROUND_TIMEOUT_MS;
    return this.call(() => this.server.invalidate(invalidation, this.sender, this.nonce()), timeout);
  }

  renew(key: string, token: string, milliseconds: number): Promise<void> {
    return this.call(() => this.server.renew(key, token, milliseconds));
  }

  release(key: string, token: string): Promise<void> {
    return this.call(() => this.server.release(key, token));
  }

  sync(request: SyncRequest): Promise<SyncReply> {
    return this.call(() => this.server.sync(request), BACKGROUND_TIMEOUT_MS);
  }

  async close(): Promise<void> {
    this.isConnected = false;
    this.connection += 1;
    this.listener = undefined;
  }

  private call<Reply>(effect: () => Reply, timeout = REQUEST_TIMEOUT_MS): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const timer = this.clock.schedule(timeout, () => reject(new Error('timeout')));
      this.exchange(effect)
        .then(resolve, reject)
        .finally(() => timer.cancel());
    });
  }

  /** There and back. What was sent before a cut may still take effect, but its reply is lost. */
  private async exchange<Reply>(effect: () => Reply): Promise<Reply> {
    if (!this.isConnected) throw new Error('not connected');
    const { connection } = this;
    await this.schedule.point();
    while (this.faults.isPaused) await this.schedule.point();
    const reply = effect();
    await this.schedule.point();
    if (connection !== this.connection) throw new Error('connection lost');
    return reply;
  }

  private nonce(): string {
    this.operations += 1;
    return `${this.sender}/${this.operations}`;
  }
}
