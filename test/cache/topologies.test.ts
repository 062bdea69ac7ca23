import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Cluster, Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/cache/clock.ts';
import { CacheManager } from '../../src/cache/manager.ts';
import { RedisStore } from '../../src/cache/shared/redis-store.ts';
import type { BusMessage } from '../../src/cache/shared/store.ts';
import { freePort } from '../support/free-port.ts';
import { type RunningProgram, runProgram } from '../support/program.ts';
import {
  canStartRedis,
  freeClusterPort,
  makeCertificate,
  missingForTls,
  RedisProcesses,
} from '../support/redis-process.ts';
import { storeContract } from './harness/store-contract.ts';
import { Workload, type WorkloadReport } from './workload.ts';

/** The ways to run Redis other than one plain server, each with real servers. */

const tlsObstacle = canStartRedis ? await missingForTls() : 'redis-server is missing';
if (tlsObstacle !== null) console.warn(`Tests of Redis with TLS are skipped: ${tlsObstacle}.`);

/** Sees to it that a condition comes true in ten seconds. */
async function until(condition: () => Promise<boolean> | boolean, what: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ten seconds: ${what}`);
    await pause(5);
  }
}

const isTrusted = (node: CacheManager<number>) => node.stats().shared?.isTrusted === true;

async function openNodes(url: string): Promise<[CacheManager<number>, CacheManager<number>]> {
  const open = () =>
    new CacheManager<number>({ redis: url, namespace: 'nodes', redisTimeout: 500, jitter: 0 });
  const nodes: [CacheManager<number>, CacheManager<number>] = [open(), open()];
  await until(() => nodes.every(isTrusted), `both nodes believe ${url}`);
  return nodes;
}

/** Two nodes share entries, invalidations and the right to fill. */
async function expectCoherence([one, two]: [CacheManager<number>, CacheManager<number>]): Promise<void> {
  await one.set(['post', 1], 1, { tags: ['tag'] });
  await one.set(['post', 2], 2);
  expect(await two.lookup(['post', 1])).toMatchObject({ tier: 'redis', entry: { value: 1 } });
  expect(await two.get('post', 2)).toBe(2);
  await one.invalidateTags(['tag']);
  await until(
    async () => (await two.get('post', 1)) === undefined,
    'the tag is invalidated on the other node',
  );
  expect(await two.get('post', 2)).toBe(2);
  await two.invalidatePattern('post:*');
  await until(async () => (await one.get('post', 2)) === undefined, 'so is the pattern');
  let fills = 0;
  const fill = async () => {
    fills += 1;
    await pause(50);
    return 3;
  };
  const values = await Promise.all([one.getOrSet(['post', 3], fill), two.getOrSet(['post', 3], fill)]);
  expect(values).toEqual([3, 3]);
  expect(fills).toBe(1);
}

/** No read failed, waited, or was older than promised, whatever had happened to Redis. */
function expectHarmless(report: WorkloadReport): void {
  expect(report.errors).toBe(0);
  expect(report.worstOwnStaleness).toBe(0);
  expect(report.worstStaleness).toBeLessThan(2000);
  expect(report.slowestReadMs).toBeLessThan(400);
}

async function close(...nodes: readonly CacheManager<number>[]): Promise<void> {
  await Promise.all(nodes.map((node) => node.close()));
}

describe.skipIf(!canStartRedis)('a Redis Cluster', () => {
  let processes: RedisProcesses;
  let url: string;
  let admin: Cluster;
  const servers = new Map<number, RunningProgram>();
  const stores: RedisStore[] = [];
  let namespaces = 0;

  const startShard = async (port: number) => {
    const options = ['--port', `${port}`, '--cluster-enabled', 'yes', '--cluster-node-timeout', '1000'];
    servers.set(port, await processes.start(`node-${port}`, options));
  };
  const portOfShard = async (key: string) => {
    const slot = Number(await admin.call('CLUSTER', 'KEYSLOT', key));
    return [...servers.keys()][Math.floor((slot * servers.size) / 16_384)] ?? 0;
  };

  beforeAll(async () => {
    processes = await RedisProcesses.create();
    const ports = [await freeClusterPort(), await freeClusterPort(), await freeClusterPort()];
    for (const port of ports) await startShard(port);
    await joinCluster(ports);
    url = `redis://${ports.map((port) => `127.0.0.1:${port}`).join(',')}?cluster=true`;
    admin = new Cluster(ports.map((port) => ({ host: '127.0.0.1', port })));
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
  });
  afterAll(async () => {
    admin.disconnect();
    await processes.close();
  });

  storeContract(async () => {
    namespaces += 1;
    const prefix = `{contract-${namespaces}}:1:`;
    const messages: BusMessage[] = [];
    const options = { clock: systemClock(), requestTimeout: 2000, backgroundTimeout: 2000 };
    const store = new RedisStore(url, { ...options, namespace: `contract-${namespaces}` });
    stores.push(store);
    let isConnected = false;
    store.start('node', {
      onConnected: () => {
        isConnected = true;
      },
      onDisconnected() {},
      onMessage: (message) => messages.push(message),
    });
    const isSubscribed = async () => {
      const counts = admin.nodes('master').map((node) => node.call('PUBSUB', 'NUMSUB', `${prefix}bus`));
      return JSON.stringify(await Promise.all(counts)).includes(',1]');
    };
    await until(async () => isConnected && (await isSubscribed()), 'the store is connected');
    return {
      store,
      messages,
      pass: (milliseconds) => pause(milliseconds),
      restartEmpty: async () => {
        for (const node of admin.nodes('master')) {
          for (const key of await node.keys(`${prefix}*`)) await admin.del(key);
        }
      },
      loseControl: async () => {
        await admin.del(`${prefix}tags`);
      },
      waitForMessages: (count) => until(() => messages.length >= count, `${count} messages`),
    };
  });

  it('keeps two nodes coherent', async () => {
    const nodes = await openNodes(url);
    await expectCoherence(nodes);
    await close(...nodes);
  });

  it('asks the right shard at once', async () => {
    const store = new RedisStore(url, {
      namespace: 'direct',
      clock: systemClock(),
      requestTimeout: 2000,
      backgroundTimeout: 2000,
    });
    stores.push(store);
    await new Promise<void>((resolve) => {
      store.start('node', { onConnected: resolve, onDisconnected() {}, onMessage() {} });
    });
    await store.sync({ known: undefined, freshEpoch: 'first', appliedChange: -1 });
    for (let count = 0; count < 20; count += 1) await store.read(`key-${count}`, undefined);
    const stats = await Promise.all(admin.nodes('master').map((node) => node.info('errorstats')));
    expect(stats.join('')).not.toContain('MOVED');
  });

  it('goes on without an error while the shard of the cache is down, and uses it again after', async () => {
    const workload = new Workload([url, url]);
    await workload.untilTrusted();
    const port = await portOfShard('{faults}');
    const report = await workload.run(async () => {
      await until(() => workload.report.reads > 500, 'the nodes are at work');
      await servers.get(port)?.stop('SIGKILL');
      await until(() => !workload.nodes.some(isTrusted), 'the nodes believe it no longer');
      await startShard(port);
      await until(() => workload.nodes.every(isTrusted), 'the nodes believe it again');
      const { reads } = workload.report;
      await until(() => workload.report.reads > reads + 500, 'the nodes are at work again');
    });
    await workload.close();
    expectHarmless(report);
  });
});

/** Divides the slots among the servers on these ports, introduces them to each other, and waits until all agree. */
async function joinCluster(
  ports: readonly number[],
  connect = (port: number) => new Redis(port, '127.0.0.1'),
) {
  const clients = ports.map(connect);
  const share = 16_384 / ports.length;
  for (const [index, client] of clients.entries()) {
    const range = [Math.ceil(index * share), Math.ceil((index + 1) * share) - 1];
    await client.call('CLUSTER', 'ADDSLOTSRANGE', ...range);
    await client.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
  }
  // A config epoch can be given only to a server that knows no other.
  for (const port of ports) await clients[0]?.call('CLUSTER', 'MEET', '127.0.0.1', port);
  for (const client of clients) {
    const isJoined = async () => {
      const info = String(await client.call('CLUSTER', 'INFO'));
      return info.includes('cluster_state:ok') && info.includes(`cluster_size:${ports.length}`);
    };
    await until(isJoined, 'the Cluster has formed');
    client.disconnect();
  }
}

describe.skipIf(tlsObstacle !== null)('Redis with TLS', () => {
  let processes: RedisProcesses;
  let certificate: string;
  let port: number;

  beforeAll(async () => {
    processes = await RedisProcesses.create();
    certificate = await makeCertificate(processes.folder, 'server');
    port = await freePort();
    await processes.start('tls', tlsOptions(port));
  });
  afterAll(() => processes.close());

  const tlsOptions = (tlsPort: number) => [
    ...['--port', '0', '--tls-port', `${tlsPort}`, '--tls-auth-clients', 'no'],
    ...['--tls-cert-file', `${certificate}.pem`, '--tls-key-file', `${certificate}.key`],
    ...['--tls-ca-cert-file', `${certificate}.pem`],
  ];

  /** What a program of its own says that trusts this authority, as an operator would have it. */
  const runNode = async (url: string, authority: string) => {
    const script = new URL('tls-node.ts', import.meta.url).pathname;
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: authority };
    return (await runProgram(process.execPath, [script, url], { env })).output;
  };

  it('is believed when NODE_EXTRA_CA_CERTS names its authority', async () => {
    expect(await runNode(`rediss://localhost:${port}`, `${certificate}.pem`)).toContain('redis 1');
  });

  it('is not believed under another authority, and no request waits', async () => {
    const other = await makeCertificate(processes.folder, 'other');
    const output = await runNode(`rediss://localhost:${port}`, `${other}.pem`);
    expect(output).toMatch(/not believed: .*self-signed certificate/);
    expect(Number(/slowest (\d+) ms/.exec(output)?.[1])).toBeLessThan(400);
  });

  it('finds a master through Sentinels, with TLS all the way', async () => {
    const sentinelPort = await freePort();
    await startSentinel(processes, port, ['--tls-replication', 'yes', ...tlsOptions(sentinelPort)]);
    const url = `rediss://localhost:${sentinelPort}?sentinel=main`;
    expect(await runNode(url, `${certificate}.pem`)).toContain('redis 1');
  });

  it('compares the certificate with the name of a node of a Cluster', async () => {
    const clusterPort = await freeClusterPort();
    await processes.start('tls-cluster', [
      ...tlsOptions(clusterPort),
      ...['--cluster-enabled', 'yes', '--tls-cluster', 'yes'],
      ...['--cluster-announce-hostname', 'localhost', '--cluster-preferred-endpoint-type', 'hostname'],
    ]);
    const ca = await readFile(`${certificate}.pem`);
    await joinCluster([clusterPort], (each) => new Redis(each, 'localhost', { tls: { ca } }));
    const url = `rediss://localhost:${clusterPort}?cluster=true`;
    expect(await runNode(url, `${certificate}.pem`)).toContain('redis 1');
  });
});

/** A Sentinel that by itself may decide that the master `main` is down. */
async function startSentinel(processes: RedisProcesses, masterPort: number, options: readonly string[]) {
  return await processes.start('sentinel', [
    ...['--sentinel', ...options],
    ...['--sentinel', 'resolve-hostnames', 'yes', '--sentinel', 'announce-hostnames', 'yes'],
    ...['--sentinel', 'monitor', 'main', 'localhost', `${masterPort}`, '1'],
    ...['--sentinel', 'down-after-milliseconds', 'main', '500'],
    ...['--sentinel', 'failover-timeout', 'main', '2000'],
  ]);
}

describe.skipIf(!canStartRedis)('Redis with Sentinels', () => {
  it('goes on without an error when the master dies, and is coherent on the next', async () => {
    await using processes = await RedisProcesses.create();
    const [masterPort, replicaPort, sentinelPort] = [await freePort(), await freePort(), await freePort()];
    const master = await processes.start('master', [
      '--port',
      `${masterPort}`,
      '--repl-diskless-sync-delay',
      '0',
    ]);
    await processes.start('replica', ['--port', `${replicaPort}`, '--replicaof', `localhost ${masterPort}`]);
    await startSentinel(processes, masterPort, ['--port', `${sentinelPort}`]);
    const sentinel = new Redis(sentinelPort, '127.0.0.1');
    await until(async () => {
      const replicas = JSON.stringify(await sentinel.call('SENTINEL', 'REPLICAS', 'main'));
      return replicas.includes('"master-link-status","ok"');
    }, 'the Sentinel knows the replica');
    const url = `redis://127.0.0.1:${sentinelPort}?sentinel=main`;
    const workload = new Workload([url, url]);
    await workload.untilTrusted();

    const report = await workload.run(async () => {
      await until(() => workload.report.reads > 500, 'the nodes are at work');
      await master.stop('SIGKILL');
      await until(async () => {
        const address = await sentinel.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'main');
        return JSON.stringify(address).includes(`"${replicaPort}"`);
      }, 'the replica is the master');
      await until(() => workload.nodes.every(isTrusted), 'the nodes believe the new master');
      const { reads } = workload.report;
      await until(() => workload.report.reads > reads + 500, 'the nodes are at work again');
    });
    await workload.close();
    sentinel.disconnect();

    expectHarmless(report);
    const nodes = await openNodes(url);
    await expectCoherence(nodes);
    await close(...nodes);
  });
});
