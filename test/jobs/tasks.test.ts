/** The background tasks of a whole blog, as they run on a node. */
import { expect, it } from 'vitest';
import { TrimmingRepository } from '../../src/blog/trimming-repository.ts';
import { openBlog, type TestBlog } from '../support/blog.ts';
import { openTestDatabase, rowCounts } from '../support/database.ts';

const text = { title: 'A post', content: 'Words.' };
const running = { performance: { backgroundTasks: true } };
const { signal } = new AbortController();

/** How often each task has ended well on this node. */
async function doneRuns(blog: TestBlog, task: string): Promise<number> {
  const { jobs } = (await blog.reader.get('/metrics')).json();
  return jobs.byTask[task]?.done ?? 0;
}

/** Has a periodic task run now. */
async function runNow(blog: TestBlog, task: string): Promise<void> {
  const before = await doneRuns(blog, task);
  await blog.database.transaction((trx) =>
    trx.updateTable('jobs').set({ due_at: 0 }).where('key', '=', task).execute(),
  );
  await expect.poll(() => doneRuns(blog, task), { timeout: 5000 }).toBeGreaterThan(before);
}

it('publishes a post at its time', async () => {
  const blog = await openBlog(running);
  const at = Date.now() + 1500;
  const post = await blog.owner.create({ ...text, publishedAt: new Date(at).toISOString() });
  expect((await blog.reader.get(`/posts/${post.id}`)).statusCode).toBe(404);
  await expect
    .poll(async () => (await blog.reader.get(`/posts/${post.id}`)).statusCode, {
      interval: 10,
      timeout: 5000,
    })
    .toBe(200);
  const now = Date.now();
  expect(now).toBeGreaterThanOrEqual(at);
  expect(now).toBeLessThan(at + 500);
  const { updatedAt, version } = (await blog.reader.get(`/posts/${post.id}`)).json();
  expect(Date.parse(updatedAt) - at).toBeLessThan(250);
  expect(version).toBe(2);
});

it('publishes at the new time a post whose time was changed, and not at all one that became a draft', async () => {
  const blog = await openBlog(running);
  const soon = new Date(Date.now() + 700).toISOString();
  const moved = await blog.owner.create({ ...text, publishedAt: soon });
  const withdrawn = await blog.owner.create({ ...text, publishedAt: soon });
  const witness = await blog.owner.create({ ...text, publishedAt: soon });
  await blog.owner.patch(`/posts/${moved.id}`, { publishedAt: '2099-01-01T00:00:00Z' });
  await blog.owner.patch(`/posts/${withdrawn.id}`, { status: 'draft' });
  const status = async (id: string) => (await blog.owner.get(`/posts/${id}`)).json().status;
  await expect.poll(() => status(witness.id), { timeout: 5000 }).toBe('published');
  await expect.poll(() => doneRuns(blog, 'publish-post')).toBe(2);
  expect([await status(moved.id), await status(withdrawn.id)]).toEqual(['scheduled', 'draft']);
  expect(await blog.jobs.list()).toContainEqual(
    expect.objectContaining({ key: `publish-post:${moved.id}`, dueAt: '2099-01-01T00:00:00.000Z' }),
  );
});

it('publishes what was scheduled without a job, as the release before does', async () => {
  const blog = await openBlog(running);
  await expect.poll(() => doneRuns(blog, 'plan-publishing')).toBe(1);
  const post = await blog.owner.create({ ...text, publishedAt: new Date(Date.now() + 500).toISOString() });
  await blog.database.transaction((trx) =>
    trx.deleteFrom('jobs').where('key', '=', `publish-post:${post.id}`).execute(),
  );
  await runNow(blog, 'plan-publishing');
  await expect
    .poll(async () => (await blog.reader.get(`/posts/${post.id}`)).statusCode, { timeout: 5000 })
    .toBe(200);
});

it('stores the job with the post, or neither', async () => {
  const blog = await openBlog();
  await blog.owner.create({ ...text, slug: 'taken' });
  const refused = await blog.owner.post('/posts', {
    ...text,
    slug: 'taken',
    publishedAt: '2099-01-01T00:00:00Z',
  });
  expect(refused.statusCode).toBe(409);
  expect(await blog.jobs.list()).toEqual([]);
  await blog.owner.create({ ...text, publishedAt: '2099-01-01T00:00:00Z' });
  expect(await blog.jobs.list()).toMatchObject([{ task: 'publish-post', state: 'waiting' }]);
});

it('runs nothing with BACKGROUND_TASKS=false, and leaves what is due to other nodes', async () => {
  const blog = await openBlog();
  const post = await blog.owner.create({ ...text, publishedAt: new Date(Date.now() + 200).toISOString() });
  const other = await openBlog(running);
  // The other one has published its own by then.
  const witness = await other.owner.create({
    ...text,
    publishedAt: new Date(Date.now() + 700).toISOString(),
  });
  await expect
    .poll(async () => (await other.reader.get(`/posts/${witness.id}`)).statusCode, { timeout: 5000 })
    .toBe(200);
  expect((await blog.reader.get(`/posts/${post.id}`)).statusCode).toBe(404);
  expect(await blog.jobs.list()).toMatchObject([
    { key: `publish-post:${post.id}`, state: 'waiting', attempts: 0 },
  ]);
});

it('fills the cache again after a change, before a reader comes', async () => {
  const blog = await openBlog(running);
  const post = await blog.owner.create(text);
  await expect.poll(() => doneRuns(blog, 'warm-cache'), { timeout: 5000 }).toBe(1);
  const addresses = [
    '/',
    '/posts',
    '/rss.xml',
    '/atom.xml',
    '/feed.json',
    `/${post.slug}/`,
    `/posts/${post.slug}`,
  ];
  for (const address of addresses) {
    const { headers, body } = await blog.http.inject({ url: address, headers: { accept: 'text/html,*/*' } });
    expect(`${address} ${headers['cache-status']}`).toMatch(/ broadsheet; hit; ttl=\d+; detail=memory$/);
    expect(body).toContain('A post');
  }
  // Nobody's requests: they are neither counted nor logged.
  const { http } = (await blog.reader.get('/metrics')).json();
  expect(http.byRoute['/rss.xml'].requests).toBe(1);
});

it('gathers changes for one round of warming', async () => {
  const blog = await openBlog(running);
  await Promise.all(Array.from({ length: 30 }, (_, n) => blog.owner.create({ ...text, title: `Post ${n}` })));
  await expect.poll(() => doneRuns(blog, 'warm-cache'), { timeout: 8000 }).toBeGreaterThan(0);
  await expect
    .poll(async () => (await blog.jobs.list()).filter((job) => job.task === 'warm-cache'))
    .toEqual([]);
  expect(await doneRuns(blog, 'warm-cache')).toBeLessThanOrEqual(4);
});

it('removes what is over: sessions at once, tokens a month later', async () => {
  const blog = await openBlog();
  const day = 86_400_000;
  const now = Date.now();
  const token = await blog.identity.createToken({
    name: 'short',
    expiresAt: new Date(now + day).toISOString(),
  });
  await blog.identity.createToken({ name: 'long' });
  await blog.identity.forgetExpired(now + 30 * day);
  expect((await blog.identity.listTokens()).map(({ name }) => name)).toContain('short');
  await blog.identity.forgetExpired(now + 32 * day);
  expect((await blog.identity.listTokens()).map(({ name }) => name)).toEqual(['long']);
  expect(token.token).toBeDefined();
});

it('keeps the newest versions of a post', async () => {
  const blog = await openBlog();
  const post = await blog.owner.create(text);
  const other = await blog.owner.create(text);
  for (let n = 2; n <= 8; n += 1) await blog.owner.patch(`/posts/${post.id}`, { title: `Version ${n}` });
  const trimming = new TrimmingRepository(blog.database);
  expect(await trimming.revisions(3, signal)).toBe(1);
  expect(await trimming.revisions(3, signal)).toBe(0);
  const versions = async (id: string) => (await blog.posts.revisions(id)).map(({ version }) => version);
  expect(await versions(post.id)).toEqual([8, 7, 6]);
  expect(await versions(other.id)).toEqual([1]);
});

it('trims the change log from its beginning, and never the last change', async () => {
  const database = await openTestDatabase();
  await database.transaction((trx) =>
    trx
      .insertInto('changes')
      .values(
        Array.from({ length: 2500 }, (_, n) => ({
          kind: 'post.updated',
          subject_id: String(n),
          tags: '[]',
          created_at: n < 2300 ? '2026-01-01T00:00:00.000Z' : '2026-01-03T00:00:00.000Z',
        })),
      )
      .execute(),
  );
  const trimming = new TrimmingRepository(database);
  const last = async () =>
    Number(
      (
        await database.reader
          .selectFrom('changes')
          .select(({ fn }) => fn.max('sequence').as('n'))
          .executeTakeFirst()
      )?.n,
    );
  const end = await last();
  expect(await trimming.changes('2026-01-01T00:00:00.000Z', signal)).toBe(0);
  expect(await trimming.changes('2026-01-02T00:00:00.000Z', signal)).toBe(2300);
  expect((await rowCounts(database))['changes']).toBe(200);
  expect(await trimming.changes('2027-01-01T00:00:00.000Z', signal)).toBe(199);
  expect(await last()).toBe(end);
});

it('forgets the answers to old requests with an idempotency key', async () => {
  const blog = await openBlog();
  const old = '2020-01-01T00:00:00.000Z';
  for (const key of ['a', 'b']) {
    await blog.owner.post('/posts', text, { 'idempotency-key': key });
    if (key === 'a') {
      await blog.database.transaction((trx) =>
        trx.updateTable('idempotency_keys').set({ created_at: old }).execute(),
      );
    }
  }
  const trimming = new TrimmingRepository(blog.database);
  expect(await trimming.answers('2020-01-02T00:00:00.000Z', signal)).toBe(1);
  expect((await rowCounts(blog.database))['idempotency_keys']).toBe(1);
});

it('counts jobs and runs for Prometheus', async () => {
  const blog = await openBlog(running);
  await expect.poll(() => doneRuns(blog, 'trim-revisions'), { timeout: 5000 }).toBe(1);
  const { body } = await blog.http.inject({ url: '/metrics', headers: { accept: 'text/plain' } });
  expect(body).toMatch(/^broadsheet_job_runs_total\{task="trim-revisions",outcome="done"\} 1$/m);
  expect(body).toMatch(/^broadsheet_jobs\{state="dead"\} 0$/m);
});
