import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { adminToken, createBlog, type TestBlog } from '../support/blog.ts';
import { rowCounts } from '../support/database.ts';

let blog: TestBlog;
let before: Record<string, number>;
beforeAll(async () => {
  blog = await createBlog();
  await blog.owner.create({ title: 'Here', content: 'text' });
});
afterAll(() => blog.close());

// Nothing that is refused leaves anything behind.
beforeEach(async () => {
  before = await rowCounts(blog.database);
});
afterEach(async () => {
  expect(await rowCounts(blog.database)).toEqual(before);
});

const post = { title: 'Title', content: 'Content' };
const raw = { 'content-type': 'application/json' };

describe('a body that is refused', () => {
  it.each<[string, string | Buffer, Record<string, string>, number, string]>([
    ['is not JSON', '{"title": "x",', raw, 400, 'malformed_json'],
    ['is empty', '', raw, 400, 'malformed_json'],
    ['has two values', '{} {}', raw, 400, 'malformed_json'],
    ['has the key __proto__', '{"title":"x","content":"y","__proto__":{"a":1}}', raw, 400, 'malformed_json'],
    [
      'has a constructor with a prototype',
      '{"title":"x","content":"y","constructor":{"prototype":{"a":1}}}',
      raw,
      400,
      'malformed_json',
    ],
    ['is not UTF-8', Buffer.from('{"title":"\xe9","content":"y"}', 'latin1'), raw, 400, 'malformed_json'],
    [
      'is a form',
      'title=x&content=y',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'unsupported_media_type',
    ],
    ['is text', 'hello', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    ['has a type that is none', '{}', { 'content-type': 'nonsense' }, 415, 'unsupported_media_type'],
    ['has 2 MB', JSON.stringify({ ...post, content: 'x'.repeat(2e6) }), raw, 413, 'body_too_large'],
  ])('%s', async (_what, body, headers, status, code) => {
    const response = await blog.owner.post('/posts', body, headers);
    expect([response.statusCode, response.json().code]).toEqual([status, code]);
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(response.json().requestId).toBe(response.headers['x-request-id']);
  });

  it.each<[string, unknown, string]>([
    ['a list', [], ''],
    ['null', null, ''],
    ['a text', '"text"', ''],
    ['nothing in it', {}, '/title'],
    ['an unknown field', { ...post, tittle: 'x' }, '/tittle'],
    ['a number for a title', { ...post, title: 5 }, '/title'],
    ['a blank title', { ...post, title: ' \t ' }, '/title'],
    ['a title of 301 characters', { ...post, title: 'x'.repeat(301) }, '/title'],
    ['10,000 tags', { ...post, tags: Array.from({ length: 10_000 }, (_, i) => `t${i}`) }, '/tags'],
    ['a tag without a letter', { ...post, tags: ['good', '!?'] }, '/tags/1'],
    [
      'a tag with a name of 100,000 characters',
      { ...post, tags: [{ slug: 'x', name: 'x'.repeat(1e5) }] },
      '/tags/0',
    ],
    ['a tag without a name', { ...post, tags: [{ slug: 'x', name: '' }] }, '/tags/0'],
    ['a lone surrogate', `{"title":"a\\ud800","content":"y"}`, '/title'],
    ['a lone surrogate in a tag', `{"title":"a","content":"y","tags":["a\\udfff"]}`, '/tags/0'],
    ['NUL', `{"title":"a","content":"y\\u0000"}`, '/content'],
    ['the slug of a route', { ...post, slug: 'admin' }, '/slug'],
    ['a slug that climbs', { ...post, slug: '../x' }, '/slug'],
    ['a slug with a slash', { ...post, slug: 'a/b' }, '/slug'],
    ['a slug with an escape', { ...post, slug: 'a%2fb' }, '/slug'],
    ['an upper-case slug', { ...post, slug: 'Hello' }, '/slug'],
    ['a status that is none', { ...post, status: 'deleted' }, '/status'],
    ['the year 99999', { ...post, publishedAt: '99999-01-01T00:00:00Z' }, '/publishedAt'],
    ['the year 10000 by its offset', { ...post, publishedAt: '9999-12-31T23:59:59-12:00' }, '/publishedAt'],
    ['the 30th of February', { ...post, publishedAt: '2026-02-30T00:00:00Z' }, '/publishedAt'],
    ['a time without a zone', { ...post, publishedAt: '2026-02-03T00:00:00' }, '/publishedAt'],
    [
      'a schedule for the past',
      { ...post, status: 'scheduled', publishedAt: '2020-01-01T00:00:00Z' },
      '/publishedAt',
    ],
    ['a script for an image', { ...post, featureImage: 'javascript:alert(1)' }, '/featureImage'],
  ])('has %s', async (_what, body, path) => {
    for (const send of [blog.owner.post('/posts', body)]) {
      const response = await send;
      expect([response.statusCode, response.json().code]).toEqual([422, 'validation_failed']);
      expect(response.json().errors).toEqual(
        expect.arrayContaining([expect.objectContaining({ path, message: expect.stringMatching(/\S/) })]),
      );
    }
  });

  it('proposes what was meant', async () => {
    const response = await blog.owner.post('/posts', { ...post, tittle: 'x' });
    expect(response.json().detail).toBe('/tittle is not known here; did you mean title?; leave it out.');
    const slug = await blog.owner.post('/posts', { ...post, slug: 'Crème Brûlée' });
    expect(slug.json().detail).toContain('creme-brulee would do');
  });
});

describe('parameters that are refused', () => {
  it.each([
    ['limit=0', 'limit'],
    ['limit=1e9', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=1.5', 'limit'],
    ['limit=true', 'limit'],
    ['__proto__=1', '__proto__'],
    ['limit=', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['offset=-1', 'offset'],
    ['offset=1e9', 'offset'],
    ['sort=title', 'sort'],
    ['status=deleted', 'status'],
    ['include=everything', 'include'],
    ['colour=red', 'colour'],
    ['tag=a&tag=b', 'tag'],
  ])('%s', async (query, path) => {
    const response = await blog.reader.get(`/posts?${query}`);
    expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_query']);
    expect(response.json().errors[0].path).toBe(path);
  });

  it.each([
    'nonsense',
    Buffer.from('["another list","2026-01-01","x"]').toString('base64url'),
    Buffer.from('{}').toString('base64url'),
    '%00',
  ])('the cursor %s', async (cursor) => {
    const response = await blog.reader.get(`/posts?after=${cursor}`);
    expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_cursor']);
  });

  it('a cursor of a search with an offset that no database has', async () => {
    for (const name of ['Alpha', 'Beta']) await blog.posts.create({ title: `${name} zebra`, content: 'z' });
    const { next } = (await blog.reader.get('/posts?q=zebra&limit=1')).json();
    const [list] = JSON.parse(Buffer.from(next, 'base64url').toString());
    const forged = Buffer.from(`[${JSON.stringify(list)},1e300]`).toString('base64url');
    const response = await blog.reader.get(`/posts?q=zebra&after=${forged}`);
    expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_cursor']);
    before = await rowCounts(blog.database);
  });

  it('an Idempotency-Key of 300 characters', async () => {
    const response = await blog.owner.post('/posts', post, { 'idempotency-key': 'k'.repeat(300) });
    expect([response.statusCode, response.json().code]).toEqual([400, 'bad_request']);
  });

  it.each(['/%zz', '/posts/%', '/posts/%ff', '/%E0%A4%A'])('the address %s', async (url) => {
    const response = await blog.reader.get(url, { accept: 'application/json' });
    expect([400, 404]).toContain(response.statusCode);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json().requestId).toBe(response.headers['x-request-id']);
  });

  it('an address with a part of 3,000 characters', async () => {
    const response = await blog.reader.get(`/posts/${'x'.repeat(3000)}`);
    expect(response.statusCode).toBe(404);
    expect(response.headers['content-type']).toContain('application/problem+json');
  });
});

it('answers any search without an error', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (words) => {
      const url = `/posts?q=${encodeURIComponent(words.toWellFormed())}`;
      expect((await blog.reader.get(url)).statusCode).toBe(words.length > 200 ? 400 : 200);
    }),
    { numRuns: 150 },
  );
});

it('answers any JSON with a post or a reason', async () => {
  const names = ['title', 'content', 'tags', 'slug', 'status', 'publishedAt', 'author', 'excerpt', 'type'];
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 9 }),
      async (body) => {
        const { statusCode } = await blog.owner.patch('/posts/here', body);
        expect([400, 404, 422]).toContain(statusCode);
      },
    ),
    { numRuns: 150 },
  );
});

describe('methods', () => {
  it('that an address does not have', async () => {
    const response = await blog.owner.request('DELETE', '/posts');
    expect([response.statusCode, response.json().code]).toEqual([405, 'method_not_allowed']);
    expect(String(response.headers.allow).split(', ').toSorted()).toEqual(['GET', 'HEAD', 'OPTIONS', 'POST']);
    const one = await blog.owner.post('/posts/here', post);
    expect(one.statusCode).toBe(405);
    expect(String(one.headers.allow).split(', ').toSorted()).toEqual([
      'DELETE',
      'GET',
      'HEAD',
      'OPTIONS',
      'PATCH',
      'PUT',
    ]);
    expect((await blog.owner.post('/', 'x=y', { 'content-type': 'text/plain' })).statusCode).toBe(405);
  });

  it('OPTIONS says which there are', async () => {
    const response = await blog.reader.request('OPTIONS', '/tags');
    expect([response.statusCode, response.headers.allow]).toEqual([204, 'GET, HEAD, OPTIONS']);
  });

  it.each([
    '/posts',
    '/posts/here',
    '/tags',
    '/authors',
    '/health',
    '/openapi.json',
    '/',
    '/here/',
    '/none/',
  ])('HEAD %s has the headers of GET and no body', async (url) => {
    const [head, get] = [await blog.reader.request('HEAD', url), await blog.reader.get(url)];
    expect([head.statusCode, head.body]).toEqual([get.statusCode, '']);
    const varying = [
      'x-request-id',
      'x-response-time',
      'server-timing',
      'cache-status',
      'date',
      'content-length',
    ];
    const steady = (headers: object) => Object.entries(headers).filter(([name]) => !varying.includes(name));
    expect(steady(head.headers)).toEqual(steady(get.headers));
  });
});

it('keeps every route out of the way of slugs', async () => {
  const roots = blog.http
    .printRoutes({ commonPrefix: false })
    .matchAll(/^ {4}[├└]── ([a-z][\w.-]*)/gm)
    .map(([, root = '']) => root);
  const fixed = [...new Set(roots)].filter((root) => root !== 'sitemap-');
  expect(fixed).toContain('posts');
  for (const slug of fixed) {
    const response = await blog.owner.post('/posts', { ...post, slug });
    expect([slug, response.statusCode]).toEqual([slug, 422]);
  }
});

it('never tells of its inside', async () => {
  for (const url of ['/posts/%00', '/posts?tag=%00', "/posts/'; drop table posts; --"]) {
    const response = await blog.reader.get(encodeURI(decodeURI(url)));
    expect(response.body).not.toMatch(/sqlite|select |\/src\/|node_modules|at Object/i);
    expect(response.body).not.toContain(adminToken);
  }
});
