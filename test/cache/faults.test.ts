import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CacheManager } from '../../src/cache/manager.ts';
import { canBreakRedis, type RedisServer, startRedis } from '../support/redis.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { pause, Workload, type WorkloadReport } from './workload.ts';

/**
 * Two nodes with writers and readers on a real Redis while it fails in every way there is; each read is compared with the
 * history of acknowledged writes. The table of what was measured is printed at the end.
 */
const MAX_STALENESS_MS = 2000;
/**
 * The cache waits for Redis 10 ms, and at most 200 ms for a node whose lease was lost with its connection; the rest is
 * for a machine that is busy with other tests.
 */
const MAX_REQUEST_MS = 400;
const measured: [string, WorkloadReport][] = [];

describe.skipIf(!canBreakRedis)('two nodes and a Redis that fails', () => {
  let server: RedisServer;
  let replica: RedisServer | undefined;
  let proxy: TcpProxy;
  let admin: Redis;
  let workload: Workload;

  beforeEach(async () => {
    server = await startRedis();
    proxy = new TcpProxy(portOf(server));
    const url = `redis://127.0.0.1:${await proxy.listen()}`;
    admin = new Redis(server.url, { retryStrategy: () => 50 });
    admin.on('error', () => undefined);
    workload = new Workload([url, url]);
    await workload.untilTrusted();
  });

  afterEach(async () => {
    await workload.close();
    admin.disconnect();
    proxy.close();
    await server.stop();
    await replica?.stop();
    replica = undefined;
  });

  afterAll(() => {
    const rows = measured.map(([fault, { worstStaleness, slowestReadMs, slowestWriteMs, reads, hits }]) => ({
      fault,
      'worst staleness, ms': Math.round(worstStaleness),
      'slowest read, ms': Math.round(slowestReadMs),
      'slowest write, ms': Math.round(slowestWriteMs),
      reads,
      'hits, %': Math.round((100 * hits) / reads),
    }));
    console.table(rows);
  });

  const faults: [string, number, () => Promise<unknown>][] = [
    ['nothing', 50, async () => undefined],
    ['subscribers are killed', 1000, () => admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub')],
    ['all connections are killed', 1000, async () => proxy.cut()],
    ['CLIENT PAUSE', MAX_STALENESS_MS, () => admin.call('CLIENT', 'PAUSE', '1500', 'ALL')],
    [
      'SIGSTOP',
      MAX_STALENESS_MS,
      async () => {
        server.pause();
        await pause(1500);
        server.resume();
      },
    ],
    ['a restart, empty', MAX_STALENESS_MS, () => server.restart()],
    [
      'a restart from an old snapshot',
      MAX_STALENESS_MS,
      async () => {
        await admin.call('SAVE');
        await pause(500);
        await server.restart();
      },
    ],
    [
      'down for a while',
      MAX_STALENESS_MS,
      async () => {
        await server.kill();
        await pause(1500);
        await server.restart();
      },
    ],
    [
      'the password changes',
      MAX_STALENESS_MS,
      async () => {
        await admin.config('SET', 'requirepass', 'secret');
        proxy.cut();
        await pause(1500);
        await admin.call('AUTH', 'secret');
        await admin.config('SET', 'requirepass', '');
      },
    ],
    [
      '200 ms of latency',
      MAX_STALENESS_MS,
      async () => {
        proxy.latency = 100;
        await pause(2000);
        proxy.latency = 0;
      },
    ],
    [
      'memory full',
      MAX_STALENESS_MS,
      async () => {
        await admin.config('SET', 'maxmemory', '1mb');
        await pause(1500);
        await admin.config('SET', 'maxmemory', '0');
      },
    ],
    ['the control keys are evicted', MAX_STALENESS_MS, () => admin.del('{faults}:1:meta', '{faults}:1:keys')],
    [
      'a failover to a replica that lags',
      MAX_STALENESS_MS,
      async () => {
        replica = await startRedis();
        const other = new Redis(replica.url);
        await other.call('REPLICAOF', '127.0.0.1', String(portOf(server)));
        while (!String(await other.info('replication')).includes('master_link_status:up')) await pause(20);
        // From here on the replica gets nothing more, and is behind when it takes over.
        await other.call('REPLICAOF', 'NO', 'ONE');
        await pause(300);
        proxy.target = portOf(replica);
        proxy.cut();
        await server.kill();
        other.disconnect();
      },
    ],
  ];

  it.each(faults)('%s: no read is older than promised, none waits, none fails', async (name, limit, act) => {
    const report = await workload.run(async () => {
      await pause(300);
      await act();
      await pause(1200);
      await workload.untilTrusted();
      await pause(300);
    });
    measured.push([name, report]);
    expect(report.reads).toBeGreaterThan(500);
    expect(report.errors).toBe(0);
    expect(report.worstOwnStaleness).toBe(0);
    expect(report.worstStaleness).toBeLessThanOrEqual(limit);
    expect(report.slowestReadMs).toBeLessThan(MAX_REQUEST_MS);
    expect(report.slowestWriteMs).toBeLessThan(MAX_REQUEST_MS);
  });

  it('Redis that is down at boot delays nothing', async () => {
    await server.kill();
    const cache = new CacheManager<string>({ redis: server.url });
    const startedAt = performance.now();
    expect(await cache.getOrSet('k', () => 'value')).toBe('value');
    expect(await cache.get('k')).toBe('value');
    await cache.invalidateTags(['t']);
    await cache.set('k', 'new');
    expect(await cache.get('k')).toBe('new');
    expect(performance.now() - startedAt).toBeLessThan(MAX_REQUEST_MS);
    await server.restart();
    while (cache.stats().shared?.isTrusted !== true) await pause(10);
    await cache.close();
  });

  it('a thousand requests on each of two nodes for one cold key cause one fill', async () => {
    let fills = 0;
    const fill = async () => {
      fills += 1;
      await pause(20);
      return 1;
    };
    // Patient with Redis: on a busy machine 10 ms may pass without an answer, and then each node fills for itself.
    const nodes = [1, 2].map(() => new CacheManager<number>({ redis: server.url, redisTimeout: 5000 }));
    while (!nodes.every((node) => node.stats().shared?.isTrusted === true)) await pause(5);
    const requests = nodes.flatMap((node) => Array.from({ length: 1000 }, () => node.getOrSet('cold', fill)));
    await Promise.all(requests);
    for (const node of nodes) await node.close();
    expect(fills).toBe(1);
  });

  it('a leader that dies costs its lease, one that hangs no more than the others are patient', async () => {
    const [first, second] = workload.nodes;
    const never = () => new Promise<number>(() => undefined);
    void first?.getOrSet('slow', never).catch(() => undefined);
    await pause(50);
    const startedAt = performance.now();
    expect(await second?.getOrSet('slow', () => 2)).toBe(2);
    expect(performance.now() - startedAt).toBeLessThan(2500);
    void first?.getOrSet('lost', never).catch(() => undefined);
    await pause(50);
    await first?.close();
    const diedAt = performance.now();
    expect(await second?.getOrSet('lost', () => 2)).toBe(2);
    expect(performance.now() - diedAt).toBeLessThan(500);
  });
});

function portOf({ url }: RedisServer): number {
  return Number(new URL(url).port);
}
