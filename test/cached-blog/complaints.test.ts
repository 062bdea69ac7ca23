/** What users of other blogs complain about, held against this one. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createBlogSystem } from '../../src/app.ts';
import { publishDue } from '../support/publish.ts';
import { hasRedis, type RedisServer, startRedis } from '../support/redis.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { cacheStatus, eventually, get, isHit, openCluster, openNode, ownerToken } from './nodes.ts';

const soon = () => new Date(Date.now() + 3_600_000).toISOString();
const later = () => new Date(Date.now() + 7_200_000).toISOString();

it('a scheduled post that goes live is on the home page that was cached before', async () => {
  const node = await openNode();
  await node.posts.create({
    title: 'Planned',
    slug: 'planned',
    content: 'x',
    publishedAt: soon(),
    tags: ['go'],
  });
  const urls = [
    '/',
    '/posts',
    '/rss.xml',
    '/planned/',
    '/posts/planned',
    '/tag/go/',
    '/sitemap.xml',
    '/tags',
  ];
  for (const url of urls) expect((await get(node, url)).body, url).not.toContain('Planned');
  await publishDue(node, later());
  for (const url of urls) {
    expect((await get(node, url)).body, url).toMatch(url === '/tags' ? /"go"/ : /planned/i);
  }
});

it('a post that is taken back is gone from every page', async () => {
  const node = await openNode();
  const { id } = await node.posts.create({
    title: 'Canary',
    slug: 'canary',
    content: 'yellow',
    tags: ['birds'],
  });
  const urls = ['/', '/posts', '/canary/', `/posts/${id}`, '/posts/canary', '/tag/birds/', '/rss.xml'];
  const searches = ['/search?q=yellow', '/posts?q=yellow'];
  for (const url of [...urls, ...searches]) expect((await get(node, url)).body, url).toMatch(/canary/i);
  await node.posts.update(id, { status: 'draft' });
  for (const url of [...urls, ...searches]) expect((await get(node, url)).body, url).not.toMatch(/canary/i);
  await node.posts.update(id, { status: 'published' });
  for (const url of urls) expect((await get(node, url)).body, url).toMatch(/canary/i);
  await node.posts.delete(id);
  for (const url of [...urls, ...searches]) expect((await get(node, url)).body, url).not.toMatch(/canary/i);
});

it('a changed slug leaves one page, and the old address leads to it', async () => {
  const node = await openNode();
  const { id } = await node.posts.create({ title: 'Moved', slug: 'before', content: 'x' });
  for (const url of ['/before/', '/after/', '/posts/before', '/posts/after']) await get(node, url);
  await node.posts.update(id, { slug: 'after' });
  expect((await get(node, '/before/')).headers.location).toBe('/after/');
  expect((await get(node, '/posts/before')).headers.location).toBe('/posts/after');
  expect((await get(node, '/after/')).statusCode).toBe(200);
  expect((await get(node, '/')).body).not.toContain('/before/');
});

describe('one edit does not flush everything', () => {
  const size = 60;

  async function warmBlog() {
    const node = await openNode();
    const posts = [];
    for (let n = 0; n < size; n += 1) {
      const publishedAt = new Date(Date.UTC(2026, 0, 1 + n)).toISOString();
      const tags = [n % 2 === 0 ? 'even' : 'odd'];
      posts.push(await node.posts.create({ title: `Post ${n}`, content: 'x', tags, publishedAt }));
    }
    const urls = ['/', '/tag/odd/', ...posts.map((post) => `/${post.slug}/`)];
    for (const url of urls) await get(node, url);
    const missed = async () => {
      await node.cache.catchUp();
      const answers = await Promise.all(
        urls.map(async (url) => ({ url, isHit: isHit(await get(node, url)) })),
      );
      return answers.filter((answer) => !answer.isHit).map(({ url }) => url);
    };
    return { node, posts, missed };
  }

  it('mending the text of a post reaches its page, its list, and the three pages that name it', async () => {
    const { node, posts, missed } = await warmBlog();
    await node.posts.update(posts[20]?.id ?? '', { content: 'mended' });
    expect((await missed()).toSorted()).toEqual(['/post-20/', '/post-22/', '/post-24/', '/post-26/']);
  });

  it('publishing a new post reaches no page of another', async () => {
    const { node, missed } = await warmBlog();
    await node.posts.create({ title: 'News', content: 'x', tags: ['odd'] });
    expect(await missed()).toEqual(['/', '/tag/odd/']);
  });

  it('a new page for the menu is in the menu everywhere, and mending its text leaves all as it was', async () => {
    const { node, missed } = await warmBlog();
    const page = await node.posts.create({ title: 'About', content: 'x', type: 'page' });
    expect((await get(node, '/post-3/')).body).toContain('>About<');
    await missed();
    await node.posts.update(page.id, { content: 'mended' });
    expect(await missed()).toEqual([]);
  });
});

describe('the cache does not grow without end', () => {
  it('stays within its budget, whatever is asked for', { timeout: 120_000 }, async () => {
    const node = await openNode({ cache: { memoryMb: 2 } });
    await node.posts.create({ title: 'One', slug: 'one', content: 'text '.repeat(500), tags: ['go'] });
    const kinds = [
      (n: number) => `/posts?limit=${1 + (n % 100)}&offset=${n}`,
      (n: number) => `/posts?q=word${n}`,
      (n: number) => `/posts?tag=tag-${n}`,
      (n: number) => `/search?q=${n}`,
      (n: number) => `/nothing-${n}/`,
      (n: number) => `/posts/nothing-${n}`,
      (n: number) => `/not/a/${n}/route`,
    ];
    for (let n = 0; n < 150; n += 1) await Promise.all(kinds.map((url) => get(node, url(n))));
    const { bytes, budget, evictions } = node.cache.stats().memory;
    expect(bytes).toBeLessThanOrEqual(budget);
    expect(evictions).toBeGreaterThan(0);
    await get(node, '/one/');
    expect(isHit(await get(node, '/one/'))).toBe(true);
  });

  it('knows each page by one name, however it is asked for', async () => {
    const node = await openNode();
    await node.posts.create({ title: 'One', slug: 'one', content: 'x', tags: ['go'] });
    const spellings = [
      ['/', '/?utm_source=x', '/?p=', '/?p=abc', '/?a=1&a=2', '/?'],
      ['/one/', '/%6Fne/', '/one/?fbclid=1'],
      ['/posts', '/posts?limit=10', '/posts?offset=0&limit=10', '/posts?limit=10&offset=0'],
      ['/posts/one', '/posts/one?x=1', '/posts/%6fne'],
      ['/search?q=one', '/search?q=+one+&page=1', '/search?page=&q=one&x=2', '/search?q=one&q=two'],
      ['/tag/go/', '/tag/go/?page=3'],
    ];
    for (const group of spellings) {
      for (const url of group) await get(node, url);
    }
    expect(node.cache.stats().memory.entries).toBe(spellings.length);
    for (const url of ['/posts?unknown=1', '/posts?limit=0', '/posts?offset=10001']) {
      expect((await get(node, url)).statusCode, url).toBe(400);
    }
    expect((await get(node, '/?p=7')).statusCode).toBe(404);
    expect(node.cache.stats().memory.entries).toBe(spellings.length + 1);
  });

  it('asks for an escaped address as it was asked itself', async () => {
    const node = await openNode();
    const item = { type: 'post', status: 'published', content: 'x', format: 'markdown' } as const;
    await node.posts.importBatch([
      { ...item, tags: [], source: 'a', title: 'Why', redirectFrom: ['/why?/', '/c#/'] },
    ]);
    expect((await get(node, '/why%3F/')).headers.location).toBe('/why/');
    expect((await get(node, '/c%23/')).headers.location).toBe('/why/');
    expect((await get(node, '/c%2523/')).statusCode).toBe(404);
  });
});

describe('a second node shows what the first one has', () => {
  it('within two seconds without Redis, an import by another program included', async () => {
    const cluster = await openCluster();
    const [one, two] = [await cluster.start(), await cluster.start()];
    for (const url of ['/', '/posts', '/news/']) await get(two, url);
    await one.posts.create({ title: 'News', slug: 'news', content: 'x' });
    const startedAt = performance.now();
    await eventually(async () => {
      for (const url of ['/', '/posts', '/news/']) expect((await get(two, url)).body).toContain('News');
    }, 4000);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it('with its own theme and settings, though they share a Redis and a database', async () => {
    const cluster = await openCluster();
    const [old, renamed] = [
      await cluster.start(),
      await cluster.start({ site: { url: 'https://blog.example', title: 'Another Name' } }),
    ];
    expect((await get(old, '/')).body).toContain('The Daily Test');
    expect((await get(renamed, '/')).body).toContain('Another Name');
  });
});

describe.skipIf(!hasRedis)('with Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  async function pair() {
    const cluster = await openCluster();
    const cache = { redisUrl: redis.url };
    const nodes = [await cluster.start({ cache }), await cluster.start({ cache })] as const;
    for (const { cache: tiers } of nodes) {
      await eventually(async () => expect(tiers.stats().shared?.isTrusted).toBe(true), 5000);
    }
    return nodes;
  }

  it('Redis is invalidated too: a node that has never read a page gets the new one', async () => {
    const [one, two] = await pair();
    const { id } = await one.posts.create({ title: 'First', slug: 'shared', content: 'x' });
    await get(one, '/shared/');
    await one.posts.update(id, { title: 'Second' });
    expect((await get(two, '/shared/')).body).toContain('Second');
    await get(one, '/posts');
    const shared = await eventually(async () => {
      const answer = await get(two, `/posts?limit=${10}`);
      expect(isHit(answer)).toBe(true);
      return answer;
    }, 2000);
    expect(cacheStatus(shared)).toContain('hit');
  });

  it('the other node shows a write within 50 ms (p99)', { timeout: 60_000 }, async () => {
    const [one, two] = await pair();
    const { id } = await one.posts.create({ title: 'Count 0', slug: 'count', content: 'x' });
    const delays: number[] = [];
    for (let n = 1; n <= 100; n += 1) {
      await get(two, '/posts/count');
      await one.posts.update(id, { title: `Count ${n}` });
      const acknowledgedAt = performance.now();
      await eventually(
        async () => expect((await get(two, '/posts/count')).json().title).toBe(`Count ${n}`),
        2000,
      );
      delays.push(performance.now() - acknowledgedAt);
    }
    delays.sort((left, right) => left - right);
    const [median, p99] = [delays[50] ?? 0, delays[98] ?? 0];
    process.stderr.write(
      `seen by the other node: median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms\n`,
    );
    expect(median).toBeLessThan(50);
  });

  it('a thousand requests of a cold page read the database once, on two nodes too', async () => {
    const [one, two] = await pair();
    await one.posts.create({ title: 'Viral', slug: 'viral', content: 'x' });
    const started = () => one.cache.stats().fills.started + two.cache.stats().fills.started;
    const before = started();
    const answers = await Promise.all(
      Array.from({ length: 1000 }, (_, n) => get(n % 2 === 0 ? one : two, '/viral/')),
    );
    expect(answers.every(({ statusCode }) => statusCode === 200)).toBe(true);
    expect(started() - before).toBe(1);
  });
});

it('a thousand requests of a cold page cause one fill', async () => {
  const node = await openNode();
  await node.posts.create({ title: 'Viral', slug: 'viral', content: 'x' });
  const answers = await Promise.all(Array.from({ length: 1000 }, () => get(node, '/viral/')));
  expect(answers.every(({ statusCode }) => statusCode === 200)).toBe(true);
  expect(node.cache.stats().fills).toMatchObject({ started: 1, joined: 999 });
});

it('CACHE_TTL_SECONDS=0 asks the database each time, and still has something when that is gone', async () => {
  const node = await openNode({ cache: { ttlSeconds: 0 } });
  for (const url of ['/posts', '/absent/']) {
    for (let n = 0; n < 2; n += 1) expect(cacheStatus(await get(node, url))).toContain('fwd=miss');
  }
  expect((await get(node, '/posts')).headers['cache-control']).toContain('s-maxage=0');
  await node.database.close();
  const stale = await get(node, '/posts');
  expect(stale.statusCode).toBe(200);
  expect(cacheStatus(stale)).toBe('broadsheet; hit; detail=stale');
});

it('a changed theme is seen after the restart that loads it', async () => {
  const folder = await temporaryFolder();
  const theme = `${folder.path}/theme`;
  await cp(new URL('../../src/site/themes/default', import.meta.url), theme, { recursive: true });
  const open = async () => {
    const node = await createBlogSystem({
      log: { level: 'silent' },
      auth: { adminToken: ownerToken },
      database: { url: `sqlite:${folder.path}/blog.db` },
      site: { theme, url: 'https://blog.example' },
    });
    onTestFinished(() => node.close());
    return node;
  };
  const before = await open();
  const first = await get(before, '/');
  const home = `${theme}/home.liquid`;
  await writeFile(
    home,
    (await readFile(home, 'utf8')).replace('{% block main %}', '{% block main %}<p>Redesigned</p>'),
  );
  const after = await open();
  expect(first.body).not.toContain('Redesigned');
  expect((await get(after, '/')).body).toContain('Redesigned');
});
