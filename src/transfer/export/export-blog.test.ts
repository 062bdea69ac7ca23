import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { folderWith } from '../../../test/transfer/support/folder.ts';
import { readAll } from '../../../test/transfer/support/read-all.ts';
import { readExported } from '../markdown/exported.ts';
import { splitFile } from '../markdown/front-matter.ts';
import { openMarkdown } from '../markdown/reader.ts';
import type { ExportedPost, ExportSource } from '../ports.ts';
import { exportBlog } from './export-blog.ts';
import { fileNameFor } from './file-name.ts';
import { fileOf } from './front-matter.ts';

function post(fields: Partial<ExportedPost> = {}): ExportedPost {
  return {
    id: '01890000-0000-7000-8000-000000000000',
    type: 'post',
    status: 'published',
    slug: 'hello',
    title: 'Hello',
    excerpt: 'made',
    excerptIsCustom: false,
    content: 'Text\n',
    format: 'markdown',
    html: '<p>Text</p>',
    tags: [{ slug: 'a', name: 'A' }],
    author: { slug: 'ed', name: 'Ed' },
    featureImage: null,
    canonicalUrl: null,
    metaTitle: null,
    metaDescription: null,
    readingMinutes: 1,
    version: 3,
    publishedAt: '2024-01-02T03:04:05.678Z',
    createdAt: '2024-01-01T00:00:00.000Z',
    updatedAt: '2024-01-03T00:00:00.000Z',
    redirectFrom: [],
    source: null,
    ...fields,
  };
}

function blogOf(posts: ExportedPost[]): ExportSource {
  return {
    posts: {
      async *exportAll() {
        yield* posts;
      },
    },
    tags: { list: async () => [{ slug: 'a', name: 'A', description: 'All about A: "x"' }] },
    authors: {
      list: async () => [
        { slug: 'ed', name: 'Ed', bio: 'Edits\nthings', image: '/ed.png', website: 'https://ed.example' },
      ],
    },
  };
}

test('a blog is exported and read back whole', async () => {
  const folder = path.join(await folderWith({}), 'new', 'folder');
  const full = post({
    slug: 'full',
    type: 'page',
    status: 'scheduled',
    format: 'html',
    content: '---\r\n<p>x</p>\r',
    excerpt: 'Custom',
    excerptIsCustom: true,
    featureImage: '/i.png',
    canonicalUrl: 'https://e.x',
    metaTitle: 'yes',
    metaDescription: '2024-01-01',
    redirectFrom: ['/old/', '/?p=1'],
    source: 'wordpress:https://old.example/?p=1',
  });
  const report = await exportBlog(blogOf([post(), full]), folder);
  expect(report).toMatchObject({ posts: 1, pages: 1, removed: 0 });
  const { posts, notices } = await readAll(await openMarkdown(folder, new Date()));
  expect(notices).toEqual([]);
  const author = {
    name: 'Ed',
    slug: 'ed',
    bio: 'Edits\nthings',
    image: '/ed.png',
    website: 'https://ed.example',
  };
  const common = {
    publishedAt: '2024-01-02T03:04:05.678Z',
    createdAt: '2024-01-01T00:00:00.000Z',
    updatedAt: '2024-01-03T00:00:00.000Z',
    tags: [{ name: 'A', slug: 'a', description: 'All about A: "x"' }],
    author,
    title: 'Hello',
  };
  expect(posts).toEqual([
    {
      ...common,
      source: 'wordpress:https://old.example/?p=1',
      type: 'page',
      status: 'scheduled',
      content: '---\r\n<p>x</p>\r',
      format: 'html',
      slug: 'full',
      excerpt: 'Custom',
      featureImage: '/i.png',
      canonicalUrl: 'https://e.x',
      metaTitle: 'yes',
      metaDescription: '2024-01-01',
      redirectFrom: ['/old/', '/?p=1'],
    },
    {
      ...common,
      source: 'broadsheet:01890000-0000-7000-8000-000000000000',
      type: 'post',
      status: 'published',
      content: 'Text\n',
      format: 'markdown',
      slug: 'hello',
      redirectFrom: [],
    },
  ]);
});

test('any title, content and slug survive', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 80 });
  const tricky = fc.constantFrom(
    '---',
    '\n---\n',
    'yes',
    '1e3',
    '2024-01-01',
    '# x',
    '~',
    "'",
    '&a *a',
    '{{',
    '\r\n',
    ' \n',
  );
  const content = fc.array(fc.oneof(text, tricky)).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, content, fc.option(text), (title, body, excerpt) => {
      const written = post({
        title,
        content: body,
        excerpt: excerpt ?? '',
        excerptIsCustom: excerpt !== null,
      });
      const read = readExported(splitFile(fileOf(written, { tags: new Map(), authors: new Map() })));
      expect(read).toMatchObject({ title, content: body, slug: 'hello' });
      expect(read.excerpt).toBe(excerpt ?? undefined);
    }),
  );
});

test('exporting again replaces the earlier export and removes posts that are gone', async () => {
  const folder = await folderWith({});
  await exportBlog(blogOf([post(), post({ slug: 'gone' })]), folder);
  await writeFile(path.join(folder, 'posts', 'mine.md'), 'not ours');
  const report = await exportBlog(blogOf([post({ content: 'New' })]), folder);
  expect(report).toMatchObject({ posts: 1, removed: 1 });
  expect((await readdir(path.join(folder, 'posts'))).sort()).toEqual(['hello.md', 'mine.md']);
  expect(await readFile(path.join(folder, 'posts', 'hello.md'), 'utf8')).toContain('\n\nNew\n');
});

test('an export that breaks off leaves whole files and can be run again', async () => {
  const folder = await folderWith({});
  const blog = blogOf([]);
  blog.posts.exportAll = async function* () {
    yield post();
    throw new Error('database gone');
  };
  await expect(exportBlog(blog, folder)).rejects.toThrow('database gone');
  expect(await readdir(path.join(folder, 'posts'))).toEqual(['hello.md']);
  expect(await exportBlog(blogOf([post()]), folder)).toMatchObject({ posts: 1 });
});

test('a folder with anything else in it is refused and left as it is', async () => {
  const folder = await folderWith({ 'thesis.md': 'years of work' });
  await expect(exportBlog(blogOf([post()]), folder)).rejects.toThrow(/not empty and not an earlier export/);
  expect(await readdir(folder)).toEqual(['thesis.md']);
  await expect(exportBlog(blogOf([post()]), path.join(folder, 'thesis.md'))).rejects.toThrow(
    /Cannot export to/,
  );
});

test('a manifest that points elsewhere deletes nothing', async () => {
  const outside = await folderWith({ 'keep.md': 'x' });
  for (const files of ['["../keep.md"]', '["posts/../../keep.md"]', '"posts"']) {
    const folder = path.join(outside, 'export');
    await mkdir(folder);
    await writeFile(path.join(folder, '.broadsheet-export.json'), `{"version":1,"files":${files}}`);
    await expect(exportBlog(blogOf([]), folder)).rejects.toThrow(/damaged/);
    await rm(folder, { recursive: true });
  }
  expect(await readdir(outside)).toEqual(['keep.md']);
});

test.skipIf(process.getuid?.() === 0)('a folder that cannot be written is an operator error', async () => {
  const folder = await folderWith({});
  await chmod(folder, 0o500);
  await expect(exportBlog(blogOf([post()]), folder)).rejects.toThrow(/Cannot export to .*permission denied/);
});

test('file names are names on every file system, and never the same for two slugs', () => {
  expect(fileNameFor('日本語-post_1')).toBe('日本語-post_1.md');
  expect(fileNameFor('con')).toMatch(/^con-[0-9a-f]{12}\.md$/);
  expect(fileNameFor('../x')).toMatch(/^-[^/]*\.md$/);
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      (a, b) => {
        expect(Buffer.byteLength(fileNameFor(a))).toBeLessThanOrEqual(255);
        expect(fileNameFor(a)).not.toMatch(/[/\\\0:]|^\./);
        if (a !== b) expect(fileNameFor(a)).not.toBe(fileNameFor(b));
      },
    ),
  );
});
