/** The blog with parts of it broken. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { canBreakRedis, type RedisServer, startRedis } from '../support/redis.ts';
import { cacheStatus, eventually, get, openCluster, openNode, ownerToken } from './nodes.ts';

const owner = { authorization: `Bearer ${ownerToken}`, 'content-type': 'application/json' };

describe('without its database', () => {
  it('goes on showing what is public, says that it is stale, and refuses writes', async () => {
    const node = await openNode();
    const { id } = await node.posts.create({ title: 'Gone', slug: 'gone', content: 'x' });
    await node.posts.create({ title: 'Kept', slug: 'kept', content: 'x' });
    const urls = ['/', '/posts', '/kept/', '/posts/kept', '/rss.xml'];
    for (const url of [...urls, '/gone/', '/posts/gone']) await get(node, url);
    await node.posts.delete(id);
    for (const url of urls) await get(node, url);
    await node.database.close();
    // Nobody vouches for the node's memory any more, about a second after the last look at the change log.
    await eventually(async () => expect(cacheStatus(await get(node, '/posts'))).toContain('stale'), 5000);
    for (const url of urls) {
      const response = await get(node, url);
      expect(response.statusCode, url).toBe(200);
      expect(cacheStatus(response)).toBe('broadsheet; hit; detail=stale');
      expect(response.headers['cache-control']).toBe('public, max-age=0, must-revalidate');
      expect(response.body).toContain(url === '/kept/' || url === '/posts/kept' ? 'Kept' : 'kept');
      expect(response.body).not.toContain('Gone');
    }
    for (const url of ['/gone/', '/posts/gone']) {
      const response = await get(node, url);
      expect(response.statusCode, url).toBeGreaterThanOrEqual(404);
      expect(response.body).not.toContain('Gone');
    }
    const unread = await get(node, '/archive/');
    expect(unread.statusCode).toBeGreaterThanOrEqual(500);
    expect(unread.headers['cache-control']).toBe('private, no-store');
    const payload = { title: 'New', content: 'x' };
    const write = await node.http.inject({ method: 'POST', url: '/posts', headers: owner, payload });
    expect(write.statusCode).toBeGreaterThanOrEqual(500);
    expect(write.headers['cache-control']).toBe('private, no-store');
  });
});

describe.skipIf(!canBreakRedis)('without its Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  async function slowest(node: Awaited<ReturnType<typeof openNode>>): Promise<number> {
    const times: number[] = [];
    for (let n = 0; n < 60; n += 1) {
      const startedAt = performance.now();
      // Every other one is new to the memory tier, and would be looked for in Redis.
      const { statusCode } = await get(node, n % 2 === 0 ? '/posts' : `/posts?limit=${1 + n}`);
      times.push(performance.now() - startedAt);
      expect(statusCode).toBe(200);
    }
    return times.toSorted((left, right) => left - right)[57] ?? 0;
  }

  it.each(['paused', 'killed'])(
    '%s: readers notice nothing, and no write is lost on any node',
    { timeout: 60_000 },
    async (fault) => {
      const cluster = await openCluster();
      const cache = { redisUrl: redis.url };
      const [one, two] = [await cluster.start({ cache }), await cluster.start({ cache })];
      for (const node of [one, two]) {
        await eventually(async () => expect(node.cache.stats().shared?.isTrusted).toBe(true), 5000);
      }
      const { id } = await one.posts.create({ title: 'Before', slug: fault, content: 'x' });
      await get(two, `/${fault}/`);
      if (fault === 'paused') redis.pause();
      else await redis.kill();
      const p95 = await slowest(one);
      const writtenAt = performance.now();
      await one.posts.update(id, { title: 'After' });
      const acknowledged = performance.now() - writtenAt;
      expect((await get(one, `/${fault}/`)).body).toContain('After');
      const since = performance.now();
      await eventually(async () => expect((await get(two, `/${fault}/`)).body).toContain('After'), 4000);
      const staleness = performance.now() - since;
      process.stderr.write(
        `Redis ${fault}: p95 of reads ${p95.toFixed(0)} ms, write ${acknowledged.toFixed(0)} ms, other node after ${staleness.toFixed(0)} ms\n`,
      );
      expect(staleness).toBeLessThan(2000);
      if (fault === 'paused') redis.resume();
      else await redis.restart();
      for (const node of [one, two]) {
        await eventually(async () => expect(node.cache.stats().shared?.isTrusted).toBe(true), 10_000);
        expect((await get(node, `/${fault}/`)).body).toContain('After');
      }
    },
  );

  it('starts and serves where nothing listens', async () => {
    const startedAt = performance.now();
    const node = await openNode({ cache: { redisUrl: `redis://127.0.0.1:${await freePort()}` } });
    expect((await get(node, '/posts')).statusCode).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});
