import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import KeyvRedis from '@keyv/redis';
import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis';
import { Cacheable } from 'cacheable';
import { LRUCache } from 'lru-cache';
import { CacheManager } from '../src/cache/index.ts';

/** A cache under test; what one of them can't do is left out. */
export interface Contender {
  readonly name: string;
  can(operation: string): boolean;
  /** The shortest way to a value that is in memory. */
  peek?(key: string): unknown;
  getOrSet?(key: string, fill: () => Buffer, tags: string[]): Promise<unknown>;
  set(key: string, value: Buffer, tags: string[]): Promise<unknown> | unknown;
  invalidateTag?(tag: string): Promise<unknown>;
  close(): Promise<unknown> | unknown;
}

const ROOM = 200_000;
const TTL_MS = 600_000;
const GIGABYTE = 1024 ** 3;

export function createCacheables(): Contender[] {
  return [ours(), plainLru(), bento(), cacheable()];
}

export async function createRedisCaches(port: number): Promise<Contender[]> {
  const url = `redis://127.0.0.1:${port}`;
  const mine = new CacheManager<Buffer>({ redis: url, defaults: { ttl: TTL_MS } });
  while (mine.stats().shared?.isTrusted !== true) await new Promise((resolve) => setTimeout(resolve, 5));
  return [ours(mine), bento(port), cacheable(url)];
}

function ours(
  cache = new CacheManager<Buffer>({ memoryBytes: GIGABYTE, defaults: { ttl: TTL_MS } }),
): Contender {
  return {
    name: 'broadsheet',
    can: () => true,
    peek: (key) => cache.peek(key),
    getOrSet: (key, fill, tags) => cache.getOrSet(key, fill, { tags }),
    set: (key, value, tags) => cache.set(key, value, { tags }),
    invalidateTag: (tag) => cache.invalidateTags([tag]),
    close: () => cache.close(),
  };
}

function plainLru(): Contender {
  const cache = new LRUCache<string, Buffer>({ max: ROOM });
  return {
    name: 'lru-cache',
    can: (operation) => operation === 'hit in memory, plain' || operation === 'set',
    peek: (key) => cache.get(key),
    set: (key, value) => cache.set(key, value),
    close: () => cache.clear(),
  };
}

function bento(port?: number): Contender {
  const memory = bentostore().useL1Layer(memoryDriver({ maxItems: ROOM, serialize: false }));
  const connection = { host: '127.0.0.1', port: port ?? 0, protocol: 2 as const };
  const store =
    port === undefined
      ? memory
      : memory.useL2Layer(redisDriver({ connection })).useBus(redisBusDriver({ connection }));
  const cache = new BentoCache({ default: 'main', ttl: TTL_MS, stores: { main: store } });
  return {
    name: 'bentocache',
    can: () => true,
    peek: (key) => cache.get({ key }),
    getOrSet: (key, factory, tags) => cache.getOrSet({ key, factory, tags }),
    set: (key, value, tags) => cache.set({ key, value, tags }),
    invalidateTag: (tag) => cache.deleteByTag({ tags: [tag] }),
    close: () => cache.disconnectAll(),
  };
}

function cacheable(url?: string): Contender {
  const cache = new Cacheable({
    ttl: TTL_MS,
    tags: true,
    ...(url === undefined ? {} : { secondary: new KeyvRedis(url) }),
  });
  return {
    name: 'cacheable',
    can: () => true,
    peek: (key) => cache.get(key),
    getOrSet: (key, fill) => cache.getOrSet(key, async () => fill()),
    set: (key, value, tags) => cache.set(key, value, { tags }),
    invalidateTag: (tag) => cache.tags.invalidateTag(tag),
    close: () => cache.disconnect(),
  };
}

/** A Redis of our own on a free port, without persistence; undefined where none is installed. */
export async function startRedis(): Promise<{ port: number; stop(): Promise<void> } | undefined> {
  if (spawnSync('redis-server', ['--version']).status !== 0) return undefined;
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', tmpdir()];
  const child: ChildProcess = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const chunk of child.stdout ?? []) {
    if (String(chunk).includes('eady to accept connections')) break;
  }
  return {
    port,
    async stop() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}
