import { expect, test } from 'vitest';
import { MemoryBlog } from '../../test/transfer/support/memory-blog.ts';
import type { ImportedPost } from '../blog/posts/post.ts';
import { runImport } from './run-import.ts';
import type { ImportReader, ReaderEvent } from './source.ts';

function post(slug: string, content = ''): ReaderEvent {
  const imported: ImportedPost = {
    source: `markdown:${slug}.md`,
    type: 'post',
    status: 'published',
    title: slug,
    slug,
    content,
    format: 'markdown',
    tags: [],
    redirectFrom: [],
  };
  return { kind: 'post', file: `${slug}.md`, item: slug, post: imported };
}

function readerOf(events: ReaderEvent[]): ImportReader {
  return {
    total: events.length,
    async *events() {
      yield* events;
    },
  };
}

test('posts go in batches, and a second run changes nothing', async () => {
  const blog = new MemoryBlog();
  const events = Array.from({ length: 120 }, (_, index) => post(`post-${index}`));
  const progress: [number, number | undefined][] = [];
  const report = await runImport(blog, readerOf(events), {
    onProgress: (done, total) => progress.push([done, total]),
  });
  expect(report).toMatchObject({ created: 120, updated: 0, unchanged: 0, failed: 0, exitStatus: 0 });
  expect(blog.batches).toEqual([50, 50, 20]);
  expect(progress.at(-1)).toEqual([120, 120]);
  expect(await runImport(blog, readerOf(events))).toMatchObject({ created: 0, unchanged: 120 });
  const changed = await runImport(blog, readerOf([post('post-1', 'new')]));
  expect(changed).toMatchObject({ created: 0, updated: 1 });
});

test('a batch of large posts is cut short', async () => {
  const blog = new MemoryBlog();
  const large = 'x'.repeat(3_000_000);
  await runImport(blog, readerOf([post('a', large), post('b', large), post('c', large)]));
  expect(blog.batches).toEqual([2, 1]);
});

test('a dry run tells what would happen and writes nothing', async () => {
  const blog = new MemoryBlog();
  await runImport(blog, readerOf([post('a')]));
  const report = await runImport(blog, readerOf([post('a'), post('b')]), { dryRun: true });
  expect(report).toMatchObject({ dryRun: true, created: 1, unchanged: 1 });
  expect(blog.posts.size).toBe(1);
});

test('what the blog refuses is a failure with its place; what a reader skips is not', async () => {
  const blog = new MemoryBlog();
  const heard: string[] = [];
  const report = await runImport(
    blog,
    readerOf([
      post('a'),
      post('refused'),
      { kind: 'skipped', file: 'x.xml', line: 7, item: 'comments', reason: 'not imported', count: 31 },
      { kind: 'warning', file: 'x.xml', item: 'a', reason: 'cut' },
    ]),
    { onNotice: (notice) => heard.push(notice.kind) },
  );
  expect(report).toMatchObject({ created: 1, failed: 1, skipped: 31, exitStatus: 1 });
  expect(heard).toEqual(['skipped', 'warning', 'failed']);
  expect(report.notices.at(-1)).toMatchObject({ file: 'refused.md', reason: 'refused by the blog' });
});

test('a failure of the database itself ends the import', async () => {
  const blog = new MemoryBlog();
  blog.importBatch = () => Promise.reject(new Error('disk full'));
  await expect(runImport(blog, readerOf([post('a')]))).rejects.toThrow('disk full');
});
