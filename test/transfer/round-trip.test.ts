/** Import and export against a real blog: nothing is lost on the way out and in again. */
import { expect, onTestFinished, test } from 'vitest';
import { type BlogSystem, createBlogSystem } from '../../src/app.ts';
import { exportBlog, importGhost, importMarkdown, importWordpress } from '../../src/transfer/index.ts';
import { createDatabasePlace } from '../support/database-kinds.ts';
import { folderWith } from './support/folder.ts';
import { sharedData } from './support/shared-data.ts';

async function newBlog(): Promise<BlogSystem> {
  const { url, remove } = await createDatabasePlace();
  const blog = await createBlogSystem({ database: { url }, log: { level: 'silent' } });
  onTestFinished(async () => {
    await blog.close();
    await remove();
  });
  return blog;
}

/** Everything about every post that a copy of the blog must have too. */
async function everything(blog: BlogSystem): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const { id: _id, version: _version, source: _source, ...rest } of blog.posts.exportAll())
    all.push(rest);
  return all.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

const folder = {
  '_posts/2024-03-05-first.md': `---
title: First
tags: [One, "日本語"]
author: { name: Ann Author, bio: Writes., website: "https://ann.example" }
permalink: /notes/first/
redirect_from: /old
description: In short
---
Hello *there*
`,
  'second.md': '+++\ntitle = "Second"\ndate = 2024-01-01\ndraft = true\nimages = ["/a.png"]\n+++\nLine\n\n\n',
  'pages/about.md': '---\ntitle: "About: us"\n---\n',
  'later.md': '---\ntitle: Later\ndate: 2999-01-01\n---\nText\n',
};

test('a broken file costs only itself, a dry run changes nothing, a second run neither', async () => {
  const blog = await newBlog();
  const root = await folderWith({ ...folder, 'broken.md': '---\ntitle: B\ndate: 2024-02-30\n---\n' });
  const expected = { created: 4, updated: 0, failed: 1, exitStatus: 1 };
  expect(await importMarkdown(blog.posts, root, { dryRun: true })).toMatchObject(expected);
  expect(await everything(blog)).toEqual([]);
  expect(await importMarkdown(blog.posts, root)).toMatchObject(expected);
  expect(await importMarkdown(blog.posts, root)).toMatchObject({ created: 0, updated: 0, unchanged: 4 });
});

test('old addresses lead to the imported posts', async () => {
  const blog = await newBlog();
  await importMarkdown(blog.posts, await folderWith(folder));
  expect(await blog.posts.resolveRedirect('/notes/first/')).toBe('/first/');
  expect(await blog.posts.resolveRedirect('/old/')).toBe('/first/');
});

test('export into an empty blog gives the same blog, into its own changes nothing', async () => {
  const blog = await newBlog();
  await importMarkdown(blog.posts, await folderWith(folder));
  const native = await blog.posts.create({
    title: 'Written here',
    content: 'x',
    tags: ['One'],
    excerpt: 'Mine',
  });
  await blog.posts.update(native.id, { slug: 'moved' });
  const target = await folderWith({});
  await exportBlog(blog, target);
  const before = await everything(blog);
  expect(await importMarkdown(blog.posts, target)).toMatchObject({ created: 0, updated: 0, failed: 0 });
  expect(await everything(blog)).toEqual(before);
  const copy = await newBlog();
  expect(await importMarkdown(copy.posts, target)).toMatchObject({ created: before.length, failed: 0 });
  expect(await everything(copy)).toEqual(before);
  expect(await copy.authors.list()).toEqual(await blog.authors.list());
  expect(await copy.tags.list()).toEqual(await blog.tags.list());
  expect(await copy.posts.resolveRedirect('/written-here/')).toBe('/moved/');
});

test('so it is with real exports of WordPress and Ghost', async (context) => {
  const wordpress = sharedData(context, 'wordpress/themeunittestdata.wordpress.xml');
  const ghost = sharedData(context, 'ghost/ghost-6.65-export.json');
  const blog = await newBlog();
  expect(await importWordpress(blog.posts, wordpress)).toMatchObject({ created: 72, failed: 0 });
  expect(await importGhost(blog.posts, ghost)).toMatchObject({ created: 39, failed: 0 });
  expect(await importWordpress(blog.posts, wordpress)).toMatchObject({ unchanged: 72, updated: 0 });
  const target = await folderWith({});
  expect(await exportBlog(blog, target)).toMatchObject({ posts: 88, pages: 23 });
  expect(await importMarkdown(blog.posts, target)).toMatchObject({ created: 0, updated: 0, unchanged: 111 });
  const copy = await newBlog();
  expect(await importMarkdown(copy.posts, target)).toMatchObject({ created: 111, failed: 0 });
  expect(await everything(copy)).toEqual(await everything(blog));
});
