import { rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folderWith } from '../../../test/transfer/support/folder.ts';
import { type ReadAll, readAll } from '../../../test/transfer/support/read-all.ts';
import { OperatorError } from '../../errors.ts';
import { openMarkdown } from './reader.ts';

const now = new Date('2026-01-01T00:00:00Z');

async function read(files: Record<string, string | Uint8Array>): Promise<ReadAll> {
  return readAll(await openMarkdown(await folderWith(files), now));
}

test('Jekyll: date in the name, spaced tags, permalink, redirects, highlight blocks', async () => {
  const { posts, lines } = await read({
    '_posts/2024-03-05-first-light.md': `---
layout: post
title: "First: light"
categories: sky night
tags: [stars, Stars, 2024]
permalink: /notes/:title/
redirect_from:
  - /old/light
  - /even-older.html
last_modified_at: 2024-03-06 08:00:00 +0100
---

{% highlight ruby %}
puts 1
{% endhighlight %}

See {% post_url 2024-01-01-other %}.
`,
    '_drafts/idea.md': '---\ntitle: Idea\ndate: 2024-01-01\n---\nLater.\n',
    '_posts/2024-01-01-hidden.md': '---\npublished: false\n---\n# Hidden away\n\nText\n',
    '_posts/2024-01-02-plain.html': '---\ntitle: Plain\n---\n<p>Yes</p>\n',
  });
  expect(posts.map((post) => [post.source, post.status, post.slug])).toEqual([
    ['markdown:_drafts/idea.md', 'draft', 'idea'],
    ['markdown:_posts/2024-01-01-hidden.md', 'draft', 'hidden'],
    ['markdown:_posts/2024-01-02-plain.html', 'published', 'plain'],
    ['markdown:_posts/2024-03-05-first-light.md', 'published', 'first-light'],
  ]);
  expect(posts[1]).toMatchObject({ title: 'Hidden away', content: 'Text\n' });
  expect(posts[2]).toMatchObject({ format: 'html', redirectFrom: ['/2024/01/02/plain.html'] });
  expect(posts[3]).toMatchObject({
    title: 'First: light',
    publishedAt: '2024-03-05T00:00:00.000Z',
    updatedAt: '2024-03-06T07:00:00.000Z',
    tags: [{ name: 'stars' }, { name: '2024' }, { name: 'sky' }, { name: 'night' }],
    redirectFrom: ['/old/light/', '/even-older.html'],
  });
  expect(posts[3]?.content).toContain('~~~~ruby\nputs 1\n~~~~');
  expect(lines).toEqual([
    'warning 17: the Liquid tag `post_url` is kept as it is written',
    'warning 6: the permalink `/notes/:title/` is a template, so its old address is not known',
  ]);
});

test('Hugo: TOML, bundles, sections, publishDate, expiry, url and aliases', async () => {
  const { posts, notices } = await read({
    'posts/_index.md': '---\ntitle: All posts\n---\n',
    'posts/deep-dive/index.md': `+++
title = "Deep dive"
date = 2024-01-01T10:00:00+02:00
publishDate = 2030-05-05
lastmod = 2024-02-02
tags = ["go", "web"]
categories = ["Notes"]
url = "/2024/deep/"
aliases = ["/deep", "/2024/deep/"]
summary = "Short"
images = ["/img/a.png", "/img/b.png"]
[params]
author = "Ada Example"
+++
Body
`,
    'posts/gone.md': '+++\ntitle = "Gone"\ndate = 2020-01-01\nexpiryDate = 2021-01-01\n+++\nx\n',
    'posts/draft.md': '+++\ntitle = "D"\ndraft = true\n+++\n{{< youtube abc >}}\n',
  });
  expect(posts.map((post) => [post.title, post.status])).toEqual([
    ['Deep dive', 'scheduled'],
    ['D', 'draft'],
    ['Gone', 'draft'],
  ]);
  expect(posts[0]).toMatchObject({
    source: 'markdown:posts/deep-dive/index.md',
    slug: 'deep',
    publishedAt: '2030-05-05T00:00:00.000Z',
    updatedAt: '2024-02-02T00:00:00.000Z',
    excerpt: 'Short',
    featureImage: '/img/a.png',
    author: { name: 'Ada Example' },
    tags: [{ name: 'go' }, { name: 'web' }, { name: 'Notes' }],
    redirectFrom: ['/2024/deep/'],
    content: 'Body\n',
  });
  expect(notices).toContainEqual(expect.objectContaining({ kind: 'skipped', item: 'posts/_index.md' }));
  expect(notices).toContainEqual(
    expect.objectContaining({ kind: 'warning', line: 5, reason: expect.stringContaining('`youtube`') }),
  );
});

test('Zola, Astro and Eleventy', async () => {
  const { posts } = await read({
    'zola.md': `+++
title = "Zola"
date = 2024-01-01
updated = 2024-01-09
path = "notes/zola-post"
authors = ["One", "Two"]
[taxonomies]
tags = ["rust"]
categories = ["code"]
[extra]
image = "https://example.org/z.png"
+++
Text
`,
    'astro.md': `---
title: 'Astro'
description: 'About it'
pubDate: 'Jul 08 2022'
updatedDate: 'Jul 09 2022'
heroImage: '../../assets/x.jpg'
author: Sam & Kim
---
Text
`,
    'eleventy.md': `---
title: Eleventy
date: 2024-02-02
tags: [posts, garden]
permalink: "/blog/{{ page.fileSlug }}/"
---
Text
`,
    'about.md': '---\ntitle: About\neleventyExcludeFromCollections: true\npermalink: /about/\n---\nText\n',
    'unlisted.md': '---\ntitle: Un\ndate: 2024-02-02\npermalink: false\n---\nText\n',
  });
  const bySlug = new Map(posts.map((post) => [post.slug, post]));
  expect(bySlug.get('zola-post')).toMatchObject({
    redirectFrom: ['/notes/zola-post/'],
    author: { name: 'One' },
    tags: [{ name: 'rust' }, { name: 'code' }],
    featureImage: 'https://example.org/z.png',
    updatedAt: '2024-01-09T00:00:00.000Z',
  });
  const astro = bySlug.get('astro');
  expect(astro).toMatchObject({
    publishedAt: '2022-07-08T00:00:00.000Z',
    excerpt: 'About it',
    metaDescription: 'About it',
    author: { name: 'Sam' },
  });
  expect(astro?.featureImage).toBeUndefined();
  expect(bySlug.get('eleventy')).toMatchObject({ tags: [{ name: 'garden' }], redirectFrom: [] });
  expect(bySlug.get('about')).toMatchObject({ type: 'page', redirectFrom: [] });
  expect(bySlug.get('unlisted')).toMatchObject({ status: 'draft' });
});

test('JSON front matter, handles after names, a heading that repeats the title', async () => {
  const { posts } = await read({
    'a.md':
      '{\n  "title": "A *b*",\n  "date": "2024-01-01",\n  "author": "Ana Lima (@ana)"\n}\n# A b\n\nText { x }\n',
    'b.md': '---json\n{"title": "B", "slug": "x/y/bee"}\n---\nText\n',
  });
  expect(posts[0]).toMatchObject({ title: 'A *b*', content: 'Text { x }\n', author: { name: 'Ana Lima' } });
  expect(posts[1]).toMatchObject({ slug: 'bee', redirectFrom: ['/x/y/bee/'] });
});

test('without front matter: the heading or the file name is the title; a thematic break is no front matter', async () => {
  const { posts, notices } = await read({
    'my-first_post.md': 'Just text\n',
    'other.md': 'Intro\n\n## The `real` [title](x)\n',
    'rule.md': '---\n\nText\n\n---\n',
    'README.md': '# How to use this folder\n',
    'pages/contact.md': 'Write to us\n',
  });
  expect(posts.map((post) => [post.title, post.type])).toEqual([
    ['My first post', 'post'],
    ['The real title', 'post'],
    ['Contact', 'page'],
    ['Rule', 'post'],
  ]);
  expect(posts[3]?.content).toBe('---\n\nText\n\n---\n');
  expect(notices).toContainEqual(expect.objectContaining({ kind: 'skipped', item: 'README.md' }));
});

test('MDX: what is not Markdown goes, code and the text between tags stay', async () => {
  const { posts, lines } = await read({
    'a.mdx': `---
title: A
date: 2024-01-01
---
import Chart from './chart'
export const year = 2024

<Note kind="x">
    Deeply *indented*.

    - and a list
</Note>

In {year} we had <Badge>two</Badge>{' '}things.{/* quiet */}

<div className="box" style={{ color: 'red' }} id="a&b">

Kept

</div>

\`\`\`js
import x from '{y}'
\`\`\`
`,
  });
  expect(posts[0]?.content).toBe(
    `Deeply *indented*.

- and a list

In  we had two things.

<div id="a&amp;b">

Kept

</div>

\`\`\`js
import x from '{y}'
\`\`\`
`.replace('list\n\nIn', 'list\n\n\nIn'),
  );
  expect(lines).toEqual([
    'warning 5: left out: an import',
    'warning 8: left out: the component <Note>',
    'warning 14: left out: the expression {year}',
    'warning 14: left out: the component <Badge>',
  ]);
});

test('relative images are told with their line, code is not looked at', async () => {
  const { lines } = await read({
    'a.md':
      '---\ntitle: A\ndate: 2024-01-01\n---\n![x](./img/x.png)\n\n```\n![y](y.png)\n```\n\n`![z](z.png)` ![ok](/ok.png)\n\n<img alt="" src="w.png">\n',
  });
  expect(lines.map((line) => line.slice(0, 34))).toEqual([
    'warning 5: the image `./img/x.png`',
    'warning 13: the image `w.png` is a',
  ]);
});

test.each([
  ['YAML', '---\ntitle: x\nbad: [1, 2\n---\nText\n', /not valid YAML/, 4],
  ['nested colon', '---\ndate: 2024-01-01\ntitle: a: b\n---\n', /not valid YAML/, 3],
  ['custom tag', '---\ntitle: x\nwhen: !ruby/object:Time {}\n---\n', /not valid YAML/, 3],
  ['scalar', '---\n"just": "x"\n  nope\n---\n', /YAML/, 3],
  ['TOML', '+++\ntitle = "x"\nbad = = 1\n+++\n', /not valid TOML/, 3],
  ['JSON', '{\n  "title": "x",\n  "bad": nope\n}\nText\n', /not valid JSON/, 3],
  ['unclosed', '---\ntitle: x\n\nText\n', /no closing/, 1],
  ['unclosed TOML', '+++\ntitle = "x"\n', /no closing/, 1],
  ['impossible date', '---\ntitle: x\ndate: 2024-02-30\n---\n', /date: `2024-02-30` is not a possible/, 3],
  ['NUL', '---\ntitle: x\n---\na\0b\n', /NUL/, 4],
  [
    'NUL escaped in YAML',
    '---\ntitle: "a\\0b"\ndate: 2024-01-01\n---\n',
    /title has the control character U\+0000/,
    undefined,
  ],
  ['UTF-16', Buffer.from('\uFEFF# x', 'utf16le'), /UTF-16/, 1],
  ['Latin-1', Buffer.from('---\ntitle: caf\xe9\n---\n', 'latin1'), /not valid UTF-8/, 2],
])('a broken file (%s) fails alone, with line and reason', async (_name, content, reason, line) => {
  const { posts, notices } = await read({
    'bad.md': content,
    'good.md': '---\ntitle: G\ndate: 2024-01-01\n---\n',
  });
  expect(posts.map((post) => post.title)).toEqual(['G']);
  expect(notices).toHaveLength(1);
  expect(notices[0]).toMatchObject({
    kind: 'failed',
    item: 'bad.md',
    reason: expect.stringMatching(reason),
    line,
  });
});

test('an alias bomb is refused without being expanded', async () => {
  const levels = Array.from({ length: 12 }, (_, index) => {
    const below = index === 0 ? 'x' : `*a${index - 1}`;
    return `a${index}: &a${index} [${Array(9).fill(below).join(', ')}]`;
  });
  const { notices } = await read({ 'bomb.md': `---\n${levels.join('\n')}\n---\n` });
  expect(notices[0]).toMatchObject({ kind: 'failed', reason: expect.stringContaining('alias') });
});

test('broken MDX fails with the line of the file', async () => {
  const { notices } = await read({ 'a.mdx': '---\ntitle: A\n---\n\nText\n\n<Open>\n' });
  expect(notices[0]).toMatchObject({
    kind: 'failed',
    line: 7,
    reason: expect.stringContaining('not valid MDX'),
  });
});

test('symbolic links are listed and not followed, hidden and generated folders left alone', async () => {
  const folder = await folderWith({
    'a/post.md': '# A\n',
    '.git/x.md': '# no\n',
    'node_modules/y/readme.md': '# no\n',
  });
  await symlink('..', path.join(folder, 'a', 'loop'));
  await symlink('self.md', path.join(folder, 'self.md'));
  const { posts, notices } = await readAll(await openMarkdown(folder, now));
  expect(posts.map((post) => post.source)).toEqual(['markdown:a/post.md']);
  const skipped = notices.filter((notice) => notice.kind === 'skipped').map((notice) => notice.item);
  expect(skipped).toEqual(['a/loop', 'self.md']);
});

test('a file that cannot be read fails alone', async () => {
  const folder = await folderWith({ 'a.md': '# A\n', 'b.md': '# B\n' });
  const reader = await openMarkdown(folder, now);
  await rm(path.join(folder, 'a.md'));
  const { posts, notices } = await readAll(reader);
  expect(posts).toHaveLength(1);
  expect(notices[0]).toMatchObject({
    kind: 'failed',
    item: 'a.md',
    reason: 'cannot be read: no such file or directory',
  });
});

test('nothing to import is an operator error', async () => {
  await expect(openMarkdown(await folderWith({}), now)).rejects.toThrow(OperatorError);
  await expect(openMarkdown('/nowhere/at/all', now)).rejects.toThrow(
    /Nothing can be read at \/nowhere\/at\/all/,
  );
});

test('a single file can be imported', async () => {
  const folder = await folderWith({ 'x.md': '# X\n' });
  const { posts } = await readAll(await openMarkdown(path.join(folder, 'x.md'), now));
  expect(posts[0]).toMatchObject({ source: 'markdown:x.md', title: 'X' });
});
