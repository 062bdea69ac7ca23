import { createHash } from 'node:crypto';
import { Cluster } from 'ioredis';
import type { Clock } from '../clock.ts';
import { createRedisClient, type RedisClient } from './redis-connection.ts';
import {
  parseMessage,
  toInvalidationReply,
  toReadReply,
  toStoreOutcome,
  toSyncReply,
} from './redis-replies.ts';
import { INVALIDATE, READ, RELEASE, RENEW, SET, STORE, SYNC } from './scripts.ts';
import type {
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
} from './store.ts';
import { OperationTimeout, withTimeout } from './timeout.ts';

export interface RedisStoreOptions {
  /** Several caches in one Redis are told apart by it. */
  namespace: string;
  clock: Clock;
  /** What a request waits for Redis at most, milliseconds. */
  requestTimeout: number;
  /** What background work waits at most, milliseconds; then the connection is made anew. */
  backgroundTimeout: number;
}

/** Scopes that Redis remembers: of tags and prefixes for as long as entries live, of keys while fills are under way. */
const MAX_TAG_STAMPS = 100_000;
const MAX_KEY_STAMPS = 20_000;
/** A node that missed more than this starts afresh rather than catching up. */
const MAX_MISSED = 5_000;

/** Marks the layout of keys and scripts: nodes of another one share nothing with this one. */
const LAYOUT = 1;

type Argument = string | number | Buffer;

/** The shared tier in Redis. All keys carry one hash tag, so a Cluster keeps them on one shard. */
export class RedisStore implements SharedStore {
  private readonly client: RedisClient;
  private readonly subscriber: RedisClient;
  private readonly options: RedisStoreOptions;
  private readonly prefix: string;
  private readonly control: readonly string[];
  private readonly channel: string;
  private sender = '';
  private operations = 0;

  /** @param redis an address (see `createRedisClient`) or a client that isn't connected. */
  constructor(redis: string | RedisClient, options: RedisStoreOptions) {
    this.options = options;
    this.client = typeof redis === 'string' ? createRedisClient(redis) : redis;
    this.subscriber = duplicate(this.client);
    this.prefix = `{${options.namespace}}:${LAYOUT}:`;
    this.control = ['meta', 'tags', 'keys'].map((name) => this.prefix + name);
    this.channel = `${this.prefix}bus`;
  }

  start(sender: string, listener: SharedStoreListener): void {
    this.sender = sender;
    let lastError = 'connection closed';
    for (const client of [this.client, this.subscriber]) {
      client.on('error', (error: Error) => {
        lastError = error.message;
      });
    }
    this.client.on('ready', () => listener.onConnected());
    this.client.on('close', () => listener.onDisconnected(lastError));
    this.subscriber.on('ready', () => {
      this.subscriber.subscribe(this.channel).catch(() => reconnect(this.subscriber));
    });
    this.subscriber.on('message', (_channel: string, text: string) => {
      const message = parseMessage(text);
      if (message !== undefined) listener.onMessage(message);
    });
    // Failures arrive as events too, and the client keeps trying.
    for (const client of [this.client, this.subscriber]) client.connect().catch(() => undefined);
  }

  async read(key: string, lease: LeaseRequest | undefined): Promise<ReadReply> {
    const reply = await this.run(READ, this.entryKeys(key), [
      lease?.token ?? '',
      lease?.milliseconds ?? 0,
      lease?.minFreshMs ?? 0,
    ]);
    return toReadReply(reply);
  }

  async store(request: FillRequest): Promise<StoreOutcome> {
    const { position, order, token, fenceMs } = request;
    const life = Math.ceil(request.freshMs + request.staleMs);
    const reply = await this.run(STORE, this.entryKeys(request.key), [
      position.epoch,
      position.sequence,
      order,
      token,
      life,
      Math.floor(request.staleMs),
      request.scopes.join('\n'),
      request.data,
      `k|${request.key}`,
      Math.ceil(fenceMs),
    ]);
    return toStoreOutcome(reply);
  }

  async set(request: StoreRequest, seen: Position): Promise<Position> {
    const reply = await this.run(SET, this.entryKeys(request.key), [
      ...this.bumpArguments({ scopes: [`k|${request.key}`], changes: [] }),
      Math.ceil(request.freshMs + request.staleMs),
      Math.floor(request.staleMs),
      request.scopes.join('\n'),
      request.data,
      seen.epoch,
      seen.sequence,
    ]);
    return toInvalidationReply(reply);
  }

  async invalidate(invalidation: Invalidation, patience: Patience): Promise<Position> {
    const keys = invalidation.scopes
      .filter((scope) => scope.startsWith('k|'))
      .map((scope) => `${this.prefix}v:${scope.slice(2)}`);
    const reply = await this.run(
      INVALIDATE,
      [...this.control, ...keys],
      this.bumpArguments(invalidation),
      patience,
    );
    return toInvalidationReply(reply);
  }

  async renew(key: string, token: string, milliseconds: number): Promise<void> {
    await this.run(RENEW, [`${this.prefix}l:${key}`], [token, milliseconds]);
  }

  async release(key: string, token: string): Promise<void> {
    await this.run(RELEASE, [`${this.prefix}l:${key}`], [token]);
  }

  async sync(request: SyncRequest): Promise<SyncReply> {
    const { known } = request;
    const reply = await this.run(
      SYNC,
      this.control,
      [
        request.freshEpoch,
        known?.epoch ?? '',
        known?.sequence ?? 0,
        known?.nonce ?? '',
        request.appliedChange,
        MAX_MISSED,
      ],
      'background',
    );
    return toSyncReply(reply);
  }

  async close(): Promise<void> {
    for (const client of [this.client, this.subscriber]) client.disconnect();
  }

  private entryKeys(key: string): string[] {
    return [...this.control, `${this.prefix}v:${key}`, `${this.prefix}l:${key}`];
  }

  private bumpArguments({ scopes, changes }: Invalidation): Argument[] {
    this.operations += 1;
    const nonce = `${this.sender}.${this.operations}`;
    const message = `${this.sender}\n${changes.join(',')}`;
    return [nonce, MAX_TAG_STAMPS, MAX_KEY_STAMPS, scopes.join('\n'), this.channel, message];
  }

  /** One round trip; two when the server doesn't know the script yet. */
  private async run(
    script: string,
    keys: readonly string[],
    args: readonly Argument[],
    patience: Patience = 'request',
  ): Promise<unknown> {
    const { clock, requestTimeout, backgroundTimeout } = this.options;
    const isRequest = patience === 'request';
    try {
      return await withTimeout(
        clock,
        isRequest ? requestTimeout : backgroundTimeout,
        this.evaluate(script, keys, args),
      );
    } catch (error) {
      // A server that leaves background work unanswered may have left a dead connection: begin a new one.
      if (!isRequest && error instanceof OperationTimeout) reconnect(this.client);
      throw error;
    }
  }

  private async evaluate(
    script: string,
    keys: readonly string[],
    args: readonly Argument[],
  ): Promise<unknown> {
    try {
      return await this.client.callBuffer('EVALSHA', digest(script), keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await this.client.callBuffer('EVAL', script, keys.length, ...keys, ...args);
    }
  }
}

/** The two kinds of client declare the method differently, so the union can't be called. */
function duplicate(client: RedisClient): RedisClient {
  return client instanceof Cluster ? client.duplicate() : client.duplicate();
}

const digests = new Map<string, string>();

function digest(script: string): string {
  let known = digests.get(script);
  if (known === undefined) {
    known = createHash('sha1').update(script).digest('hex');
    digests.set(script, known);
  }
  return known;
}

/**
 * Drops the connection for a new one. A cluster's own `disconnect` waits until its pool is empty, which a redirect under way
 * can prevent for ever; its nodes reconnect by themselves.
 */
function reconnect(client: RedisClient): void {
  if (!(client instanceof Cluster)) client.disconnect(true);
  else for (const node of client.nodes()) node.disconnect(true);
}
