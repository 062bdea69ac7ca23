import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PostJson } from '../../src/blog/posts/schemas.ts';
import type { Scope } from '../../src/identity/principal.ts';
import { type Client, createBlog, type TestBlog } from '../support/blog.ts';
import { rowCounts } from '../support/database.ts';

/** `reader` and `writer` are an editor's tokens of one scope; `nobody` is an author's token without a profile. */
type Who = 'owner' | 'editor' | 'author' | 'reader' | 'writer' | 'nobody' | 'anonymous';
type Whose = 'own' | 'other';

let blog: TestBlog;
let clients: Record<Who, Client>;

beforeAll(async () => {
  blog = await createBlog();
  const user = 'writer@example.com';
  await blog.identity.createUser({
    email: user,
    name: 'Own Writer',
    password: 'correct horse battery staple',
    role: 'author',
  });
  const both: Scope[] = ['posts:read', 'posts:write'];
  const tokenOf = async (role: 'editor' | 'author', scopes: Scope[], acting: { user?: string } = {}) =>
    blog.as((await blog.identity.createToken({ name: role, role, scopes, ...acting })).token);
  clients = {
    owner: blog.owner,
    editor: await tokenOf('editor', both),
    author: await tokenOf('author', both, { user }),
    reader: await tokenOf('editor', ['posts:read']),
    writer: await tokenOf('editor', ['posts:write']),
    nobody: await tokenOf('author', both),
    anonymous: blog.reader,
  };
});
afterAll(() => blog.close());

let count = 0;
function create(whose: Whose, status: string): Promise<PostJson> {
  count += 1;
  const post = { title: `Post ${count}`, content: 'secret words', status, tags: ['hush'] };
  return whose === 'own' ? clients.author.create(post) : clients.owner.create({ ...post, author: 'Other' });
}

const text = { title: 'Changed', content: 'changed' };

describe('a draft', () => {
  it.each<[Who, Whose, number, number]>([
    ['owner', 'own', 200, 200],
    ['owner', 'other', 200, 200],
    ['editor', 'own', 200, 200],
    ['editor', 'other', 200, 200],
    ['author', 'own', 200, 200],
    ['author', 'other', 404, 404],
    ['reader', 'own', 200, 403],
    ['reader', 'other', 200, 403],
    ['writer', 'own', 404, 200],
    ['writer', 'other', 404, 200],
    ['nobody', 'own', 404, 404],
    ['nobody', 'other', 404, 404],
    ['anonymous', 'own', 404, 401],
    ['anonymous', 'other', 404, 401],
  ])('%s, %s: read %i, change %i', async (who, whose, read, change) => {
    const client = clients[who];
    const post = await create(whose, 'draft');
    const counts = await rowCounts(blog.database);
    for (const name of [post.id, post.slug]) {
      const response = await client.get(`/posts/${name}`);
      expect(response.statusCode).toBe(read);
      if (read === 404) await expectNothingThere(client, response);
    }
    const path = `/posts/${post.id}`;
    const statuses = [
      (await client.patch(path, { title: 'Changed' })).statusCode,
      (await client.put(path, { ...text, status: 'draft' })).statusCode,
      (await client.get(`${path}/revisions`)).statusCode,
      (await client.post(`${path}/revisions/1/restore`)).statusCode,
      (await client.delete(path)).statusCode,
    ];
    expect(statuses).toEqual(change === 200 ? [200, 200, 200, 200, 204] : Array(5).fill(change));
    if (change !== 200) expect(await rowCounts(blog.database)).toEqual(counts);
  });

  async function expectNothingThere(client: Client, response: { json(): object }): Promise<void> {
    const never = await client.get('/posts/01900000-0000-7000-8000-000000000000');
    expect({ ...response.json(), requestId: '' }).toEqual({ ...never.json(), requestId: '' });
  }

  it('of somebody else is forbidden to change once an author can see it', async () => {
    const post = await create('other', 'published');
    const response = await clients.author.patch(`/posts/${post.id}`, { title: 'x' });
    expect([response.statusCode, response.json().code]).toEqual([403, 'forbidden']);
  });

  it('is nowhere for readers', async () => {
    const post = await create('other', 'draft');
    const urls = [
      '/posts?q=secret',
      '/posts?tag=hush',
      '/',
      '/rss.xml',
      '/sitemap.xml',
      '/archive/',
      '/search?q=secret',
    ];
    for (const url of urls) expect((await blog.reader.get(url)).body).not.toContain(post.slug);
    for (const url of [`/${post.slug}/`, `/${post.id}/`]) {
      const [hidden, never] = [await blog.reader.get(url), await blog.reader.get('/never-was/')];
      expect([hidden.statusCode, never.statusCode]).toEqual([404, 404]);
    }
  });
});

describe('a list that is not public', () => {
  it.each<[Who, number]>([
    ['owner', 200],
    ['editor', 200],
    ['author', 200],
    ['reader', 200],
    ['writer', 403],
    ['nobody', 200],
    ['anonymous', 401],
  ])('for %s: %i', async (who, status) => {
    await create('own', 'draft');
    await create('other', 'draft');
    for (const query of ['status=draft', 'status=any', 'status=scheduled', 'status=any&q=secret']) {
      const response = await clients[who].get(`/posts?${query}`);
      expect(response.statusCode).toBe(status);
      if (status === 200) expect(response.headers['cache-control']).toBe('private, no-store');
    }
  });

  it('holds for an author what is their own', async () => {
    await create('own', 'draft');
    await create('other', 'draft');
    for (const query of ['status=draft', 'status=any', 'status=draft&q=secret', 'status=draft&tag=hush']) {
      const { posts, total } = (await clients.author.get(`/posts?limit=100&${query}`)).json();
      expect(posts.length).toBe(total);
      expect(total).toBeGreaterThan(0);
      for (const post of posts) expect(post.author.slug).toBe('own-writer');
    }
    expect((await clients.author.get('/posts?status=draft&author=other')).json().total).toBe(0);
    expect((await clients.nobody.get('/posts?status=draft')).json().total).toBe(0);
  });
});

describe('writing', () => {
  it.each<[Who, number]>([
    ['owner', 201],
    ['editor', 201],
    ['author', 201],
    ['reader', 403],
    ['writer', 201],
    ['nobody', 403],
    ['anonymous', 401],
  ])('%s creates: %i', async (who, status) => {
    const response = await clients[who].post('/posts', text);
    expect(response.statusCode).toBe(status);
    if (status === 401) expect(response.headers['www-authenticate']).toMatch(/^Bearer/);
  });

  it('under another name is not for authors', async () => {
    for (const author of ['Other', { slug: 'other', name: 'Own Writer' }]) {
      expect((await clients.author.post('/posts', { ...text, author })).statusCode).toBe(403);
      const own = await create('own', 'draft');
      expect((await clients.author.patch(`/posts/${own.id}`, { author })).statusCode).toBe(403);
    }
    const same = await clients.author.post('/posts', { ...text, author: 'Own Writer' });
    expect(same.json().author).toEqual({ slug: 'own-writer', name: 'Own Writer' });
  });

  it('needs a token that is right, also to read', async () => {
    for (const url of ['/posts', '/', '/health'])
      expect((await blog.as('not-a-token').get(url)).statusCode).toBe(401);
  });
});

describe('an Idempotency-Key', () => {
  const key = (name: string) => ({ 'idempotency-key': name });
  const posts = async () => (await rowCounts(blog.database))['posts'];

  it('gives a repetition the first answer, even when the post has changed or gone since', async () => {
    const first = await clients.owner.post('/posts', text, key('a'));
    await clients.owner.patch(`/posts/${first.json().id}`, { title: 'Later' });
    const again = await clients.owner.post('/posts', text, key('a'));
    expect([again.statusCode, again.body]).toEqual([201, first.body]);
    expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true', location: first.headers.location });
    await clients.owner.delete(`/posts/${first.json().id}`);
    const counts = await posts();
    expect((await clients.owner.post('/posts', text, key('a'))).body).toBe(first.body);
    expect(await posts()).toBe(counts);
  });

  it('refuses another body', async () => {
    await clients.owner.post('/posts', text, key('b'));
    const other = await clients.owner.post('/posts', { ...text, title: 'Other' }, key('b'));
    expect([other.statusCode, other.json().code]).toEqual([422, 'idempotency_mismatch']);
  });

  it('creates once for concurrent requests, under load as well', async () => {
    const before = (await posts()) ?? 0;
    const responses = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        clients.owner.post('/posts', { ...text, slug: `once-${index % 6}` }, key(`c${index % 6}`)),
      ),
    );
    expect(new Set(responses.map((response) => response.statusCode))).toEqual(new Set([201]));
    expect(new Set(responses.map((response) => response.json().id)).size).toBe(6);
    expect(await posts()).toBe(before + 6);
  });

  it('is forgotten with a request that failed', async () => {
    const bad = await clients.owner.post('/posts', { ...text, slug: 'admin' }, key('d'));
    expect(bad.statusCode).toBe(422);
    expect((await clients.owner.post('/posts', text, key('d'))).statusCode).toBe(201);
  });

  it('is its own for each client', async () => {
    const [mine, theirs] = [
      await clients.owner.post('/posts', text, key('e')),
      await clients.editor.post('/posts', { ...text, title: 'Mine' }, key('e')),
    ];
    expect([mine.statusCode, theirs.statusCode]).toEqual([201, 201]);
    expect(theirs.json().id).not.toBe(mine.json().id);
  });
});
