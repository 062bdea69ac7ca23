/** A generated blog is one as the application would have written it, and searching common words in it is bounded. */
import { expect, test } from 'vitest';
import { GeneratedBlog, numberWord } from '../../bench/data/blog.ts';
import { fillDatabase } from '../../bench/data/fill.ts';
import { createBlogSystem } from '../../src/app.ts';
import { copyDatabase } from '../../src/backup/index.ts';
import { openBlog } from '../support/blog.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('a generated blog has the totals, tags, revisions and words of its posts', async () => {
  const { path: folder } = await temporaryFolder();
  const url = `sqlite:${folder}/large.db`;
  await fillDatabase(url, 1500);
  await fillDatabase(url, 1500);
  // A copy counts everything anew, and tells when the source had it otherwise.
  const { rows, mendedTotals } = await copyDatabase(url, `sqlite:${folder}/copy.db`, {
    force: false,
    onProgress: () => {},
  });
  expect(mendedTotals).toBe(false);
  expect(rows).toMatchObject({ posts: 3000, revisions: 3000, changes: 3000, authors: 84, tags: 2000 });

  const blog = await createBlogSystem({
    database: { url },
    log: { level: 'silent' },
    performance: { backgroundTasks: false },
  });
  const copy = await createBlogSystem({
    database: { url: `sqlite:${folder}/copy.db` },
    log: { level: 'silent' },
    performance: { backgroundTasks: false },
  });
  try {
    for (const q of [numberWord(77), new GeneratedBlog().word(0), new GeneratedBlog().word(2000)]) {
      const { posts, total } = await blog.posts.list({ q, limit: 100 });
      expect(await copy.posts.list({ q, limit: 100 })).toMatchObject({ total });
      expect(posts.length).toBeGreaterThan(0);
    }
    const common = await blog.posts.list({ q: new GeneratedBlog().word(0), limit: 100 });
    expect(common.total).toBeGreaterThan(850);
    expect(common.total).toBeLessThanOrEqual(1000);
    const [first] = (await blog.posts.list({ q: numberWord(2999) })).posts;
    const again = await blog.posts.update(first?.id ?? '', { title: 'Changed' });
    expect(again.version).toBe(2);
  } finally {
    await blog.close();
    await copy.close();
  }
});

test('of a common word the newest posts are found, those first that have it in the title', async () => {
  const blog = await openBlog();
  const items = Array.from({ length: 1010 }, (_, number) => ({
    source: `test:${number}`,
    type: 'post' as const,
    status: 'published' as const,
    title: number === 500 ? 'A common title' : `Post ${number}`,
    content: `Something common, ${number < 3 ? 'seldom' : 'often'} said.`,
    format: 'markdown' as const,
    publishedAt: new Date(Date.UTC(2026, 0, 1, 0, number)).toISOString(),
    tags: [],
    redirectFrom: [],
  }));
  await blog.posts.importBatch(items);
  const { posts, total } = await blog.posts.list({ q: 'common', limit: 3 });
  expect(total).toBe(1000);
  expect(posts[0]?.title).toBe('A common title');
  expect((await blog.posts.list({ q: 'common seldom' })).total).toBe(3);
});

test('an offset that is too large is refused with the way to go on', async () => {
  const blog = await openBlog();
  const response = await blog.reader.get('/posts?offset=10001');
  expect(response.statusCode).toBe(400);
  expect(response.json().errors[0].message).toMatch(/from 0 to 10,000.*cursor.*`next`.*`after`/);
});
