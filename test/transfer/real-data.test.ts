/** Imports of real exports of each kind, read to the end. */
import { expect, test } from 'vitest';
import { importGhost, importMarkdown, importWordpress } from '../../src/transfer/index.ts';
import type { ImportReport } from '../../src/transfer/report.ts';
import { MemoryBlog } from './support/memory-blog.ts';
import { sharedData } from './support/shared-data.ts';

const now = new Date('2026-11-24T00:00:00Z');

function reasons({ notices }: ImportReport): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind, reason, count = 1 } of notices) {
    const key = `${kind}: ${reason.replace(/:.*|".*"|<\w+>|`.*`/g, '').trim()}`;
    counts[key] = (counts[key] ?? 0) + count;
  }
  return counts;
}

test('1,018 Markdown posts', async (context) => {
  const blog = new MemoryBlog();
  const root = sharedData(context, 'nodejs-blog');
  const report = await importMarkdown(blog, root, { now });
  expect(report).toMatchObject({ created: 1018, skipped: 0, failed: 0, exitStatus: 0 });
  expect(reasons(report)).toEqual({
    'warning: left out': 5,
    'warning: only the first author was kept; also named': 20,
  });
  const posts = [...blog.posts.values()];
  expect(posts.every((post) => post.status === 'published' && post.publishedAt && post.author)).toBe(true);
  expect(new Set(posts.map((post) => post.slug)).size).toBe(1018);
  expect(await importMarkdown(blog, root, { now })).toMatchObject({
    created: 0,
    updated: 0,
    unchanged: 1018,
  });
});

test("180 items of WordPress' theme test", async (context) => {
  const blog = new MemoryBlog();
  const file = sharedData(context, 'wordpress/themeunittestdata.wordpress.xml');
  const progress: [number, number | undefined][] = [];
  const report = await importWordpress(blog, file, { now, onProgress: (...step) => progress.push(step) });
  expect(report).toMatchObject({ created: 72, skipped: 140, failed: 0, exitStatus: 0 });
  expect(progress.at(-1)).toEqual([180, 180]);
  expect(reasons(report)).toMatchObject({
    'skipped: an attachment': 38,
    'skipped: an entry of a menu': 70,
    'skipped: comments are not imported': 32,
    'warning: was protected by a password, so it is imported as a draft': 1,
  });
  const posts = [...blog.posts.values()];
  const count = (test: (post: (typeof posts)[number]) => boolean) => posts.filter(test).length;
  expect(count((post) => post.type === 'page')).toBe(21);
  expect(count((post) => post.status === 'draft')).toBe(2);
  expect(count((post) => post.status === 'scheduled')).toBe(1);
  expect(count((post) => /<!--\s*\/?wp:|\[caption/.test(post.content))).toBe(0);
  expect(await importWordpress(blog, file, { now })).toMatchObject({ created: 0, updated: 0, unchanged: 72 });
});

test('39 posts and pages of Ghost 6', async (context) => {
  const blog = new MemoryBlog();
  const file = sharedData(context, 'ghost/ghost-6.65-export.json');
  const report = await importGhost(blog, file, { now });
  expect(report).toMatchObject({ created: 39, skipped: 0, failed: 0, exitStatus: 0 });
  const posts = [...blog.posts.values()];
  const count = (test: (post: (typeof posts)[number]) => boolean) => posts.filter(test).length;
  expect(count((post) => post.type === 'page')).toBe(2);
  expect(count((post) => post.status === 'draft')).toBe(4);
  expect(count((post) => post.status === 'scheduled')).toBe(2);
  expect(JSON.stringify(posts)).not.toMatch(/__GHOST_URL__|#internal/);
  expect(await importGhost(blog, file, { now })).toMatchObject({ created: 0, updated: 0, unchanged: 39 });
});
