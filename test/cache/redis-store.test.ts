import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/cache/clock.ts';
import { createRedisClient, parseRedisUrl } from '../../src/cache/shared/redis-connection.ts';
import { RedisStore } from '../../src/cache/shared/redis-store.ts';
import type { BusMessage } from '../../src/cache/shared/store.ts';
import { hasRedis, type RedisServer, startRedis } from '../support/redis.ts';
import { storeContract } from './harness/store-contract.ts';

describe.skipIf(!hasRedis)('the store in a real Redis', () => {
  let server: RedisServer;
  let admin: Redis;
  const open: RedisStore[] = [];
  let namespaces = 0;

  beforeAll(async () => {
    server = await startRedis();
    admin = new Redis(server.url);
  });
  afterEach(async () => {
    for (const store of open.splice(0)) await store.close();
  });
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });

  const nextNamespace = () => {
    namespaces += 1;
    return `test-${process.pid}-${namespaces}`;
  };

  function create(namespace: string, messages: BusMessage[] = []): Promise<RedisStore> {
    const clock = systemClock();
    const store = new RedisStore(server.url, {
      namespace,
      clock,
      requestTimeout: 2000,
      backgroundTimeout: 2000,
    });
    open.push(store);
    return new Promise((resolve) => {
      store.start('node', {
        onConnected: () => resolve(store),
        onDisconnected() {},
        onMessage: (message) => messages.push(message),
      });
    });
  }

  const remove = async (namespace: string, names: readonly string[]) => {
    for (const name of names) await admin.del(`{${namespace}}:1:${name}`);
  };

  storeContract(async () => {
    const namespace = nextNamespace();
    const messages: BusMessage[] = [];
    const store = await create(namespace, messages);
    // A message of our own tells when the subscription stands.
    while ((await admin.publish(`{${namespace}}:1:bus`, 'hello')) === 0) await tick();
    return {
      store,
      messages,
      pass: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      restartEmpty: async () => {
        for (const key of await admin.keys(`{${namespace}}*`)) await admin.del(key);
      },
      // Any one of the three control keys may be evicted on its own.
      loseControl: () => remove(namespace, ['tags']),
      waitForMessages: async (count) => {
        while (messages.length < count) await tick();
      },
    };
  });

  it('begins a new epoch in a server process that did not begin the present one', async () => {
    const namespace = nextNamespace();
    const store = await create(namespace);
    const request = { known: undefined, freshEpoch: 'first', appliedChange: -1 };
    expect((await store.sync(request)).position.epoch).toBe('first');
    expect((await store.sync({ ...request, freshEpoch: 'second' })).position.epoch).toBe('first');
    await admin.hset(`{${namespace}}:1:meta`, 'u', 'another process');
    expect((await store.sync({ ...request, freshEpoch: 'third' })).position.epoch).toBe('third');
  });

  it.each(['meta', 'tags', 'keys'])('notices when Redis evicts %s', async (name) => {
    const namespace = nextNamespace();
    const store = await create(namespace);
    await store.sync({ known: undefined, freshEpoch: 'first', appliedChange: -1 });
    await remove(namespace, [name]);
    expect((await store.read('k', undefined)).position).toBeUndefined();
  });

  it('gives up its epoch when memory is full and an invalidation cannot be noted', async () => {
    const namespace = nextNamespace();
    const messages: BusMessage[] = [];
    const store = await create(namespace, messages);
    await store.sync({ known: undefined, freshEpoch: 'first', appliedChange: -1 });
    const read = await store.read('k', { token: 'a', milliseconds: 1000, minFreshMs: 0 });
    await admin.config('SET', 'maxmemory', '1mb');
    try {
      const request = {
        key: 'k',
        scopes: [],
        data: Buffer.alloc(10),
        freshMs: 1000,
        staleMs: 0,
        position: read.position ?? { epoch: '', sequence: 0 },
        order: read.order,
        token: 'a',
        fenceMs: 1000,
      };
      expect(await store.store(request)).toBe('full');
      await expect(store.invalidate({ scopes: ['t|a'], changes: [] }, 'request')).rejects.toThrow();
      expect((await store.read('k', undefined)).position).toBeUndefined();
    } finally {
      await admin.config('SET', 'maxmemory', '0');
    }
  });

  it('forgets the oldest scopes when there are too many, and believes nothing from before', async () => {
    const namespace = nextNamespace();
    const store = await create(namespace);
    await store.sync({ known: undefined, freshEpoch: 'first', appliedChange: -1 });
    const old = await store.read('old', { token: 'a', milliseconds: 60_000, minFreshMs: 0 });
    const scopes = (from: number) => Array.from({ length: 60_000 }, (_, index) => `t|${from + index}`);
    await store.invalidate({ scopes: scopes(0), changes: [] }, 'background');
    await store.invalidate({ scopes: scopes(60_000), changes: [] }, 'background');
    expect(await admin.zcard(`{${namespace}}:1:tags`)).toBeLessThanOrEqual(100_001);
    const outcome = await store.store({
      key: 'old',
      scopes: ['t|unrelated'],
      data: Buffer.alloc(1),
      freshMs: 1000,
      staleMs: 0,
      position: old.position ?? { epoch: '', sequence: 0 },
      order: old.order,
      token: 'a',
      fenceMs: 1000,
    });
    expect(outcome).toBe('fenced');
  });
});

describe('the address of Redis', () => {
  it.each([
    ['redis://localhost', { hosts: [{ host: 'localhost', port: 6379 }], options: { db: 0 } }],
    [
      'rediss://user:p%40ss:word@[::1]:6380/3',
      {
        hosts: [{ host: '::1', port: 6380 }],
        options: { db: 3, username: 'user', password: 'p@ss:word', tls: {} },
      },
    ],
    ['redis://:secret@a', { options: { password: 'secret' } }],
    [
      'redis://a,b:26380/0?sentinel=main',
      {
        hosts: [
          { host: 'a', port: 26_379 },
          { host: 'b', port: 26_380 },
        ],
        sentinel: 'main',
      },
    ],
    ['redis://a:7000,b:7001?cluster=true', { isCluster: true }],
  ])('%s', (address, expected) => {
    expect(parseRedisUrl(address)).toMatchObject(expected);
    createRedisClient(address).disconnect();
  });

  it.each(['http://localhost', 'redis://', 'redis://a:b:c'])('%s is refused, with the remedy', (address) => {
    expect(() => parseRedisUrl(address)).toThrow('REDIS_URL');
  });
});

const tick = () => new Promise((resolve) => setImmediate(resolve));
