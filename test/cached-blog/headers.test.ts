import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { createBlog, type TestBlog } from '../support/blog.ts';
import { cacheStatus, get, openNode } from './nodes.ts';

const decoders: Record<string, (body: Buffer) => Buffer> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  zstd: zstdDecompressSync,
};

let blog: TestBlog;
beforeAll(async () => {
  blog = await createBlog({ site: { url: 'https://blog.example' } });
  await blog.posts.create({ title: 'Hello', slug: 'hello', content: 'meadow '.repeat(400), tags: ['日記'] });
  await blog.posts.create({ title: 'Draft', slug: 'hidden', content: 'canary', status: 'draft' });
  await blog.cache.catchUp();
  return blog.close;
});

const pages = [
  '/',
  '/hello/',
  '/tag/%E6%97%A5%E8%A8%98/',
  '/archive/',
  '/rss.xml',
  '/feed.json',
  '/sitemap.xml',
];
const api = ['/posts', '/posts/hello', '/posts?include=content', '/tags', '/authors'];

describe('Cache-Status', () => {
  it('tells a miss, and the hits after it', async () => {
    const node = await openNode();
    const first = await get(node, '/posts');
    expect(cacheStatus(first)).toBe('broadsheet; fwd=miss; stored');
    expect(first.headers['server-timing']).toMatch(/^fill;dur=\d+\.\d\d$/);
    const second = await get(node, '/posts');
    expect(cacheStatus(second)).toMatch(/^broadsheet; hit; ttl=(2[67]\d|2[89]\d|300); detail=memory$/);
    expect(second.headers['server-timing']).toBeUndefined();
  });

  it('has requests that came while one was answered join it', async () => {
    const node = await openNode();
    const [first, second] = await Promise.all([get(node, '/posts'), get(node, '/posts')]);
    expect(cacheStatus(first)).toBe('broadsheet; fwd=miss; stored');
    expect(cacheStatus(second)).toContain('collapsed');
  });
});

describe.each([...pages, ...api])('%s', (url) => {
  it('says how shared caches keep it, and what to purge it by', async () => {
    const { headers } = await get(blog, url);
    expect(headers['cache-control']).toMatch(
      /^public, max-age=0, s-maxage=\d+, stale-while-revalidate=60, stale-if-error=86400$/,
    );
    expect(headers['cache-tag']).toBe(String(headers['surrogate-key']).replaceAll(' ', ','));
    expect(String(headers['cache-tag'])).toMatch(/^[\w:%,.~-]+$/);
    expect(headers['vary']).toBe(
      api.includes(url) ? 'accept-encoding, authorization, cookie' : 'accept-encoding',
    );
  });

  it('has the headers of every response, on hits too', async () => {
    await get(blog, url);
    const { headers } = await get(blog, url, { 'x-request-id': 'one-of-mine' });
    expect(headers['x-request-id']).toBe('one-of-mine');
    expect(headers['x-response-time']).toMatch(/^\d+\.\d\dms$/);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
    expect(headers['set-cookie']).toBeUndefined();
  });

  it('is the same body in every encoding, each under a strong ETag of its own', async () => {
    const plain = await get(blog, url);
    const isSmall = plain.rawPayload.length < 860;
    const etags = new Set([plain.headers.etag]);
    expect(plain.headers['content-encoding']).toBeUndefined();
    for (const [coding, decode] of Object.entries(decoders)) {
      const encoded = await get(blog, url, { 'accept-encoding': coding });
      expect(encoded.headers['content-encoding']).toBe(isSmall ? undefined : coding);
      const body = isSmall ? encoded.rawPayload : decode(encoded.rawPayload);
      expect(body.equals(plain.rawPayload)).toBe(true);
      expect(encoded.headers['content-length']).toBe(String(encoded.rawPayload.length));
      expect(encoded.headers.etag).toMatch(/^"[\w-]+"$/);
      etags.add(encoded.headers.etag);
    }
    expect(etags.size).toBe(isSmall ? 1 : 4);
  });

  it('is a 304 for who has it', async () => {
    const { headers } = await get(blog, url, { 'accept-encoding': 'br' });
    const etag = String(headers.etag);
    for (const noneMatch of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      for (const method of ['GET', 'HEAD'] as const) {
        const asked = { 'if-none-match': noneMatch, 'accept-encoding': 'br' };
        const response = await blog.http.inject({ method, url, headers: asked });
        expect(response.statusCode, `${method} ${noneMatch}`).toBe(304);
        expect(response.body).toBe('');
        expect(response.headers).toMatchObject({
          etag,
          vary: headers['vary'],
          'cache-tag': headers['cache-tag'],
        });
        expect(response.headers).not.toHaveProperty('content-type');
        expect(response.headers).not.toHaveProperty('content-encoding');
      }
    }
    for (const noneMatch of ['"other"', etag.replaceAll('"', '')]) {
      const asked = { 'if-none-match': noneMatch, 'accept-encoding': 'br' };
      expect((await get(blog, url, asked)).statusCode).toBe(200);
    }
  });

  it('answers HEAD with the headers of GET', async () => {
    const headersOf = async (method: 'GET' | 'HEAD') => {
      const { headers } = await blog.http.inject({ method, url, headers: { 'accept-encoding': 'gzip' } });
      const ofThisRequest = { date: '', 'x-response-time': '', 'x-request-id': '', 'cache-status': '' };
      return { ...headers, ...ofThisRequest, 'cache-control': '' };
    };
    await headersOf('GET');
    expect(await headersOf('HEAD')).toEqual(await headersOf('GET'));
  });
});

describe('what has no tags to be purged by', () => {
  it('is asked for each time: more than proxies take in a head', async () => {
    const node = await openNode();
    for (let n = 0; n < 40; n += 1) await node.posts.create({ title: `P ${n}`, content: 'x' });
    const { headers } = await get(node, '/posts?limit=40');
    expect(headers['cache-tag']).toBeUndefined();
    expect(headers['surrogate-key']).toBeUndefined();
    expect(headers['cache-control']).toBe('public, max-age=0, must-revalidate');
    expect(cacheStatus(await get(node, '/posts?limit=40'))).toContain('hit');
  });

  it('keeps the whole head within one memory page, the buffer of common proxies', async () => {
    for (const url of [...pages, ...api]) {
      const { headers } = await get(blog, url, { 'accept-encoding': 'br' });
      const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      expect(head.join('').length, url).toBeLessThan(4000);
    }
  });
});

describe('what is not there', () => {
  const answer = async (url: string) => {
    await get(blog, url);
    const { statusCode, headers, body } = await get(blog, url);
    const ofThisRequest = { date: '', 'x-response-time': '', 'x-request-id': '', 'cache-status': '' };
    const told = { statusCode, headers: { ...headers, ...ofThisRequest, 'cache-control': '' }, body };
    return JSON.stringify(told)
      .replaceAll('hidden', 'absent')
      .replace(/requestId[^,}]*/, '');
  };

  it.each([
    ['/hidden/', '/absent/'],
    ['/posts/hidden', '/posts/absent'],
    ['/hidden', '/absent'],
  ])('%s, a draft, is told like %s, that never was', async (draft, nothing) => {
    expect(await answer(draft)).toBe(await answer(nothing));
    expect(await answer(draft)).toContain('"statusCode":404');
  });

  it('does not name a post that was taken back, where its old address led to it', async () => {
    const node = await openNode();
    const post = await node.posts.create({ title: 'One', slug: 'one', content: 'x' });
    await node.posts.update(post.id, { slug: 'two' });
    expect((await get(node, '/one/')).headers.location).toBe('/two/');
    await node.posts.update(post.id, { status: 'draft' });
    for (const url of ['/one/', '/two/', '/posts/one', '/posts/two']) {
      const { statusCode, headers } = await get(node, url);
      expect(statusCode, url).toBe(404);
      expect(JSON.stringify(headers)).not.toContain(post.id);
    }
    await node.posts.update(post.id, { status: 'published' });
    expect((await get(node, '/one/')).headers.location).toBe('/two/');
    expect((await get(node, '/two/')).statusCode).toBe(200);
  });

  it('is a page for readers and problem details for programs, each with the id of its own request', async () => {
    for (const id of ['first-request', 'second-request']) {
      const problem = await get(blog, '/posts/absent', { 'x-request-id': id });
      expect(problem.json()).toMatchObject({ code: 'post_not_found', requestId: id });
    }
    const page = await get(blog, '/absent/');
    expect(page.headers['vary']).toBe('accept-encoding, accept');
    const json = await get(blog, '/absent/', { accept: 'application/json' });
    expect(json.json()).toMatchObject({ code: 'not_found' });
  });
});

it('serves feeds from the cache to readers that ask for JSON', async () => {
  await get(blog, '/feed.json');
  const response = await get(blog, '/feed.json', { accept: 'application/feed+json, application/json' });
  expect(cacheStatus(response)).toContain('hit');
});

it('keeps refusals between the two who are concerned', async () => {
  for (const url of ['/posts?limit=1000', '/posts?after=nonsense', '/posts?status=draft', '/posts?what=1']) {
    const { statusCode, headers } = await get(blog, url);
    expect([400, 401]).toContain(statusCode);
    expect(headers['cache-control']).toBe('private, no-store');
    expect(headers['cache-tag']).toBeUndefined();
  }
});
