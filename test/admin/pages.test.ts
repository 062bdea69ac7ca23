/** What the admin pages allow, to whom, and that they lose nothing that was typed. */
import { HtmlValidate } from 'html-validate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BlogSystem, createBlogSystem } from '../../src/app.ts';
import type { ConfigInput } from '../../src/config/schema.ts';
import { createDatabasePlace, type DatabasePlace } from '../support/database-kinds.ts';
import { Visitor } from './visitor.ts';

const password = 'several unrelated words';

let place: DatabasePlace;
let blog: BlogSystem;

async function start(auth: ConfigInput['auth'] = {}): Promise<void> {
  blog = await createBlogSystem({
    database: { url: place.url },
    site: { title: 'The Test Gazette' },
    auth,
    log: { level: 'silent' },
  });
}

beforeEach(async () => {
  place = await createDatabasePlace();
  await start();
});
afterEach(async () => {
  await blog.close();
  await place.remove();
});

async function loggedIn(role: 'owner' | 'editor' | 'author'): Promise<Visitor> {
  const email = `${role}@example.com`;
  await blog.identity.createUser({ email, name: `The ${role}`, password, role });
  return new Visitor(blog.http).logIn(email, password);
}

const textarea = (html: string) => /<textarea id="content"[^>]*>\n([^<]*)<\/textarea>/.exec(html)?.[1];
const idIn = (location: unknown) => /\/admin\/posts\/([\w-]{36})/.exec(String(location))?.[1] ?? '';

describe('the set-up link', () => {
  const owner = { name: 'Ada Example', email: 'ada@example.com', password };

  it('makes the owner, logs in, and works once', async () => {
    const token = (await blog.identity.beginSetup()) ?? '';
    const visitor = new Visitor(blog.http);
    expect((await visitor.get('/admin/setup?token=wrong')).statusCode).toBe(403);
    expect((await visitor.get(`/admin/setup?token=${token}`)).body).toContain('Create the account');

    const done = await visitor.post('/admin/setup', { token, ...owner });
    expect([done.statusCode, done.headers.location]).toEqual([303, '/admin/']);
    expect((await visitor.get('/admin/')).body).toContain('Ada Example');

    expect((await visitor.get(`/admin/setup?token=${token}`)).statusCode).toBe(403);
    const again = await new Visitor(blog.http).post('/admin/setup', { token, ...owner });
    expect(again.statusCode).toBe(403);
    expect(again.headers['set-cookie']).toBeUndefined();
    await blog.close();
    await start();
    expect(await blog.identity.beginSetup()).toBeNull();
  });

  it('keeps what was typed, but the password, when something is wrong', async () => {
    const token = (await blog.identity.beginSetup()) ?? '';
    const visitor = new Visitor(blog.http);
    const refused = await visitor.post('/admin/setup', { token, ...owner, password: 'tooshort' });
    expect(refused.statusCode).toBe(422);
    expect(refused.body).toContain('value="ada@example.com"');
    expect(refused.body).toContain('at least 12 characters');
    expect(refused.body).not.toContain('tooshort');
    expect((await visitor.post('/admin/setup', { token, ...owner })).statusCode).toBe(303);
  });
});

describe('logging in', () => {
  it('leads there where the visitor wanted to go, within the admin only', async () => {
    await blog.identity.createUser({ email: 'a@example.com', name: 'A', password, role: 'owner' });
    const visitor = new Visitor(blog.http);
    const sent = await visitor.get('/admin/tokens');
    expect(sent.headers.location).toBe('/admin/log-in?next=%2Fadmin%2Ftokens');
    const fields = { email: 'a@example.com', password };
    const to = async (next: string) =>
      (await visitor.post('/admin/log-in', { ...fields, next })).headers.location;
    expect(await to('/admin/tokens')).toBe('/admin/tokens');
    for (const evil of ['//evil.example', 'https://evil.example', '/admin/../x\\', '/\\evil.example']) {
      expect(await to(evil)).toBe('/admin/');
    }
  });

  it('is limited', async () => {
    const visitor = new Visitor(blog.http);
    const attempt = () => visitor.post('/admin/log-in', { email: 'a@example.com', password: 'wrong' });
    for (let count = 0; count < 10; count += 1) expect((await attempt()).statusCode).toBe(401);
    const refused = await attempt();
    expect(refused.statusCode).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('is undone by logging out, also for a copy of the cookie', async () => {
    const visitor = await loggedIn('owner');
    const { cookie } = visitor;
    expect((await visitor.post('/admin/log-out', {})).headers.location).toContain('/admin/log-in');
    const copy = await blog.http.inject({ url: '/admin/', headers: { cookie } });
    expect(copy.statusCode).toBe(303);
  });
});

it("refuses forms on other sites' pages, with a session or without", async () => {
  const visitor = await loggedIn('owner');
  const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
  const stranger = new Visitor(blog.http);
  for (const [who, path, fields] of [
    [visitor, '/admin/posts/new', { title: 'Evil', content: '' }],
    [visitor, '/admin/log-out', {}],
    [stranger, '/admin/log-in', { email: 'owner@example.com', password }],
  ] as const) {
    const response = await who.post(path, fields, foreign);
    expect([path, response.statusCode]).toEqual([path, 403]);
    expect(response.headers['set-cookie']).toBeUndefined();
  }
  expect((await blog.posts.list({ status: 'any' })).total).toBe(0);
});

it('has valid HTML on every page', async () => {
  const visitor = await loggedIn('owner');
  await blog.identity.createUser({ email: 'bo@example.com', name: 'Bo', password, role: 'author' });
  await blog.identity.createToken({ name: 'robot' });
  const { id } = await blog.posts.create({
    title: 'A <lamp> & more',
    content: '> A *quote*.',
    tags: ['Night'],
  });
  await blog.posts.update(id, { content: 'Changed' });
  const post = `/admin/posts/${id}`;
  const pages = [
    ...(await Promise.all(
      ['', 'posts/new', 'terms', 'tokens', 'users', 'profile', 'nope'].map((path) =>
        visitor.get(`/admin/${path}`),
      ),
    )),
    ...(await Promise.all(['', '/revisions', '/delete', '/preview'].map((path) => visitor.get(post + path)))),
    await visitor.get('/admin/?q=nothing'),
    await visitor.post('/admin/posts/new', { title: '', content: 'x', slug: 'admin', featureImage: 'ftp:' }),
    await visitor.post(post, { title: 'Mine', content: 'x', version: '1' }),
    await visitor.post('/admin/tokens', { name: '', days: '0' }),
    await visitor.post('/admin/tokens', { name: 'other', scopes: 'posts:read', days: '0' }),
    await visitor.post('/admin/users', { name: '', email: 'x', password: '' }),
    await new Visitor(blog.http).get('/admin/log-in'),
  ];
  const validator = new HtmlValidate({
    extends: ['html-validate:recommended'],
    // Checkboxes of one name are how HTML sends a list.
    rules: { 'form-dup-name': ['error', { shared: ['checkbox', 'radio', 'submit', 'button', 'reset'] }] },
  });
  for (const { body } of pages) {
    const report = await validator.validateString(body);
    const title = /<title>(.*?)<\/title>/.exec(body)?.[1];
    const found = report.results.flatMap(({ messages }) => messages);
    expect(found.map(({ ruleId, message, line }) => `${title}:${line} ${ruleId} ${message}`)).toEqual([]);
  }
});

it('keeps every answer out of caches', async () => {
  const visitor = await loggedIn('owner');
  const paths = ['/admin/', '/admin/posts/new', '/admin/tokens', '/admin/nope', '/admin/log-in'];
  for (const path of [...paths, '/admin/posts/none']) {
    for (const who of [visitor, new Visitor(blog.http)]) {
      expect((await who.get(path)).headers['cache-control']).toBe('private, no-store');
    }
  }
});

it('is open to this machine where the settings say so, and to nobody else', async () => {
  await blog.close();
  await start({ mode: 'open' });
  const to = async (headers: Record<string, string>, method: 'GET' | 'POST' = 'GET', url = '/admin/') =>
    (await blog.http.inject({ method, url, headers })).statusCode;
  expect(await to({ host: 'localhost:8000' })).toBe(200);
  expect(await to({ host: 'rebound.example' })).toBe(303);
  expect(await to({ host: 'localhost:8000', 'x-forwarded-for': '127.0.0.1' })).toBe(303);
  const foreign = { host: 'localhost:8000', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  expect(await to(foreign, 'POST', '/admin/posts/new')).toBe(403);
  expect(await to(foreign, 'POST', '/posts')).toBe(403);
});

describe('the editor', () => {
  const fields = {
    title: 'A <lamp> & more',
    content: 'First\r\n\r\nSecond',
    tags: 'One, Two',
    status: 'published',
  };

  it('writes a post that readers see', async () => {
    const visitor = await loggedIn('owner');
    const saved = await visitor.post('/admin/posts/new', fields);
    const post = await blog.posts.find(idIn(saved.headers.location));
    expect(post).toMatchObject({ content: 'First\n\nSecond', status: 'published' });
    expect(post.author.slug).toBe('the-owner');
    expect(post.tags.map(({ name }) => name)).toEqual(['One', 'Two']);
    expect((await blog.http.inject(`/${post.slug}/`)).body).toContain('A &lt;lamp&gt; &amp; more');
  });

  it('changes nothing that was not touched', async () => {
    const visitor = await loggedIn('owner');
    const before = await blog.posts.create({
      title: 'Imported',
      content: '<p>Old</p>',
      format: 'html',
      slug: 'an-old-slug',
      tags: [{ slug: 'odd-slug', name: 'Fast Food' }],
      author: { slug: 'someone', name: 'The owner' },
      publishedAt: '2020-02-03T04:05:06.789Z',
      metaTitle: 'Meta',
    });
    const page = await visitor.get(`/admin/posts/${before.id}`);
    const form = Object.fromEntries(
      [...page.body.matchAll(/<input[^>]* name="(\w+)"[^>]* value="([^"]*)"/g)].map(([, name, value]) => [
        name,
        value,
      ]),
    );
    const response = await visitor.post(`/admin/posts/${before.id}`, {
      ...form,
      content: textarea(page.body)?.replaceAll('&lt;', '<').replaceAll('&gt;', '>') ?? '',
      status: 'published',
    });
    expect(response.statusCode).toBe(303);
    const { version, updatedAt, ...after } = await blog.posts.find(before.id);
    expect({ ...after, version: 1, updatedAt: before.updatedAt }).toEqual(before);
    expect([version, updatedAt > before.updatedAt]).toEqual([2, true]);
  });

  it('shows problems beside the fields and keeps the text', async () => {
    const visitor = await loggedIn('owner');
    const refused = await visitor.post('/admin/posts/new', { ...fields, slug: 'admin' });
    expect(refused.statusCode).toBe(422);
    expect(textarea(refused.body)).toBe('First\n\nSecond');
    expect(refused.body).toMatch(/id="slug-problem">Slug is an address of the site itself/);
    expect(refused.body).toContain('value="A &lt;lamp&gt; &amp; more"');
    const noTime = await visitor.post('/admin/posts/new', { ...fields, publishedAt: 'soon' });
    expect(noTime.body).toContain('id="publishedAt-problem"');
    await blog.posts.create({ title: 'Taken', content: '' });
    const taken = await visitor.post('/admin/posts/new', { ...fields, slug: 'taken' });
    expect(taken.statusCode).toBe(409);
    expect(taken.body).toContain('id="slug-problem"');
  });

  it('shows a conflict without losing either text, and saves when told again', async () => {
    const visitor = await loggedIn('owner');
    const { id } = await blog.posts.create({ title: 'Shared', content: 'Original' });
    await blog.posts.update(id, { content: 'Their words' });
    const mine = { ...fields, content: 'My words' };
    const refused = await visitor.post(`/admin/posts/${id}`, { ...mine, version: '1' });
    expect(refused.statusCode).toBe(412);
    expect(textarea(refused.body)).toBe('My words');
    expect(refused.body).toContain('Their words</pre>');
    expect((await blog.posts.find(id)).content).toBe('Their words');
    expect(refused.body).toContain('name="version" value="2"');
    expect((await visitor.post(`/admin/posts/${id}`, { ...mine, version: '2' })).statusCode).toBe(303);
    expect((await blog.posts.find(id)).content).toBe('My words');
  });

  it('keeps the text when the session is over', async () => {
    const { id } = await blog.posts.create({ title: 'A secret draft', content: 'x', status: 'draft' });
    for (const path of ['/admin/posts/new', `/admin/posts/${id}`]) {
      const refused = await new Visitor(blog.http).post(path, { ...fields, version: '1' });
      expect(refused.statusCode).toBe(401);
      expect(textarea(refused.body)).toBe('First\n\nSecond');
      expect(refused.body).not.toContain('A secret draft');
    }
    expect((await blog.posts.list({ status: 'any' })).total).toBe(1);
  });

  it('previews what is not saved, sanitized', async () => {
    const visitor = await loggedIn('author');
    const content = '**Bold** <script>alert(1)</script>';
    const preview = await visitor.post('/admin/preview', { ...fields, content });
    expect(preview.body).toContain('<strong>Bold</strong>');
    expect(preview.body).not.toContain('alert(1)');
    expect((await blog.posts.list({ status: 'any' })).total).toBe(0);
  });
});

describe('posts', () => {
  it('are published, taken back, restored and deleted, at the version that was seen', async () => {
    const visitor = await loggedIn('editor');
    const { id, slug } = await blog.posts.create({ title: 'Draft', content: 'One', status: 'draft' });
    const isPublic = async () => (await blog.http.inject(`/${slug}/`)).statusCode === 200;
    expect(await isPublic()).toBe(false);
    expect((await visitor.post(`/admin/posts/${id}/publish`, { version: '1' })).statusCode).toBe(303);
    expect(await isPublic()).toBe(true);
    expect((await visitor.post(`/admin/posts/${id}/delete`, { version: '1' })).statusCode).toBe(412);
    await visitor.post(`/admin/posts/${id}/unpublish`, { version: '2' });
    expect(await isPublic()).toBe(false);

    await blog.posts.update(id, { content: 'Two' });
    expect((await visitor.get(`/admin/posts/${id}/revisions`)).body).toContain('Version 4');
    await visitor.post(`/admin/posts/${id}/revisions/1/restore`, { version: '4' });
    expect((await blog.posts.find(id)).content).toBe('One');

    expect((await visitor.get(`/admin/posts/${id}/delete`)).body).toContain('Delete it');
    expect((await visitor.post(`/admin/posts/${id}/delete`, { version: '5' })).statusCode).toBe(303);
    await expect(blog.posts.find(id)).rejects.toThrow();
  });

  it('are found by status and words, page by page', async () => {
    const visitor = await loggedIn('owner');
    for (let number = 1; number <= 27; number += 1) {
      await blog.posts.create({
        title: `Note ${number}`,
        content: 'lantern',
        status: number > 26 ? 'draft' : 'published',
      });
    }
    const titles = async (path: string) =>
      [...(await visitor.get(path)).body.matchAll(/class="post-title"[^>]*>([^<]+)</g)].map(
        ([, title]) => title,
      );
    expect(await titles('/admin/')).toHaveLength(25);
    expect(await titles('/admin/?page=2')).toEqual(['Note 2', 'Note 1']);
    expect(await titles('/admin/?show=drafts')).toEqual(['Note 27']);
    expect(await titles('/admin/?show=drafts&q=lantern')).toEqual(['Note 27']);
    expect(await titles('/admin/?q=zebra')).toEqual([]);
    expect(await titles('/admin/?page=400')).toEqual([]);
    expect(await titles('/admin/?page=1000000&show=nonsense')).toHaveLength(25);
  });

  it("of others are none of an author's business", async () => {
    const theirs = await blog.posts.create({ title: 'Theirs', content: 'x' });
    const draft = await blog.posts.create({ title: 'Their draft', content: 'x', status: 'draft' });
    const visitor = await loggedIn('author');
    const own = idIn(
      (await visitor.post('/admin/posts/new', { title: 'Mine', content: 'x' })).headers.location,
    );
    const list = (await visitor.get('/admin/')).body;
    expect(list).toContain('Mine');
    expect(list).not.toContain('Their');
    expect((await visitor.get('/admin/?show=published')).body).not.toContain('Theirs');
    expect((await visitor.get(`/admin/posts/${own}`)).statusCode).toBe(200);
    for (const { id } of [theirs, draft]) {
      for (const path of ['', '/delete', '/revisions', '/preview']) {
        expect((await visitor.get(`/admin/posts/${id}${path}`)).statusCode).toBeGreaterThanOrEqual(403);
      }
      const change = { title: 'Mine now', content: 'x', version: '1' };
      expect((await visitor.post(`/admin/posts/${id}`, change)).statusCode).toBeGreaterThanOrEqual(403);
      expect((await visitor.post(`/admin/posts/${id}/delete`, change)).statusCode).toBeGreaterThanOrEqual(
        403,
      );
    }
    const asOther = { title: 'Forged', content: 'x', author: theirs.author.name };
    expect((await visitor.post('/admin/posts/new', asOther)).statusCode).toBe(403);
  });
});

describe('tokens', () => {
  it('are shown once, work, and stop working', async () => {
    const visitor = await loggedIn('owner');
    const made = await visitor.post('/admin/tokens', {
      name: 'robot',
      role: 'editor',
      scopes: 'posts:write',
      days: '7',
    });
    const token = /bsk_[\w-]{43}/.exec(made.body)?.[0] ?? '';
    expect((await visitor.get('/admin/tokens')).body).not.toContain(token);
    const write = () =>
      blog.http.inject({
        method: 'POST',
        url: '/posts',
        headers: { authorization: `Bearer ${token}` },
        payload: { title: 'By a robot', content: 'x' },
      });
    expect((await write()).statusCode).toBe(201);
    const id = /\/admin\/tokens\/([\w-]+)\/revoke/.exec((await visitor.get('/admin/tokens')).body)?.[1];
    expect((await visitor.post(`/admin/tokens/${id}/revoke`, {})).statusCode).toBe(303);
    expect((await write()).statusCode).toBe(401);
  });

  it('give an author no more than the author has', async () => {
    const visitor = await loggedIn('author');
    const refused = await visitor.post('/admin/tokens', {
      name: 'x',
      role: 'owner',
      scopes: 'admin',
      days: '0',
    });
    expect(refused.statusCode).toBe(403);
    expect(refused.body).not.toContain('bsk_');
  });
});

describe('users', () => {
  it("are an owner's to manage", async () => {
    const owner = await loggedIn('owner');
    const fields = { name: 'Bo', email: 'bo@example.com', password, role: 'author' };
    expect((await owner.post('/admin/users', fields)).statusCode).toBe(303);
    expect((await owner.post('/admin/users', fields)).body).toContain('id="email-problem"');
    const bo = await new Visitor(blog.http).logIn('bo@example.com', password);
    expect((await bo.get('/admin/users')).statusCode).toBe(403);
    expect((await bo.post('/admin/users', { ...fields, email: 'c@example.com' })).statusCode).toBe(403);

    const id = (await blog.identity.listUsers()).find(({ name }) => name === 'Bo')?.id;
    const next = 'words that the owner chose';
    expect((await owner.post(`/admin/users/${id}/password`, { password: 'short' })).statusCode).toBe(422);
    await owner.post(`/admin/users/${id}/password`, { password: next });
    expect((await bo.get('/admin/')).statusCode).toBe(303);
    await bo.logIn('bo@example.com', next);
    await owner.post(`/admin/users/${id}/role`, { role: 'editor' });
    expect((await bo.get('/admin/profile')).body).toContain('an editor');
    await owner.post(`/admin/users/${id}/remove`, {});
    expect((await bo.get('/admin/')).statusCode).toBe(303);
  });

  it('change their own name and password', async () => {
    const visitor = await loggedIn('editor');
    await visitor.post('/admin/profile', { name: 'Renamed' });
    expect((await visitor.get('/admin/profile')).body).toContain('value="Renamed"');
    const next = 'quite different words';
    const wrong = await visitor.post('/admin/profile/password', { current: 'wrong', next });
    expect(wrong.statusCode).toBe(401);
    const { cookie } = visitor;
    expect((await visitor.post('/admin/profile/password', { current: password, next })).statusCode).toBe(303);
    expect(visitor.cookie).not.toBe(cookie);
    expect((await visitor.get('/admin/')).statusCode).toBe(200);
    expect((await blog.http.inject({ url: '/admin/', headers: { cookie } })).statusCode).toBe(303);
  });
});
