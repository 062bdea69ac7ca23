/** Whatever is in a file, an import tells it or imports it: no reader falls over. */
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { folderWith } from '../../test/transfer/support/folder.ts';
import { readAll } from '../../test/transfer/support/read-all.ts';
import { OperatorError } from '../errors.ts';
import { openGhost } from './ghost/reader.ts';
import { openMarkdown } from './markdown/reader.ts';
import { addParagraphs } from './wordpress/paragraphs.ts';
import { openWordpress } from './wordpress/reader.ts';

const runs = { numRuns: 60 };

const markdown = `---
title: "A"
date: 2024-01-01
tags: [a, b]
author: { name: B }
---
# H

<X a={1}>*b* {c}</X>

\`\`\`js
{% raw %}
\`\`\`
`;
const wordpress = `<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<item><title>A</title><content:encoded><![CDATA[a [caption]<img src="x">b[/caption] <!-- wp:x {"a":1} -->c<!-- /wp:x -->]]></content:encoded>
<wp:post_id>1</wp:post_id><wp:post_date>2024-01-01 00:00:00</wp:post_date><wp:post_type>post</wp:post_type></item>
</channel></rss>`;
const ghost = JSON.stringify({
  db: [
    {
      data: {
        posts: [
          {
            id: 'a',
            title: 'A',
            lexical: '{"root":{"type":"root","children":[{"type":"paragraph","children":[]}]}}',
          },
        ],
        tags: [{ id: 't', name: 'T' }],
        posts_tags: [{ post_id: 'a', tag_id: 't' }],
      },
    },
  ],
});

/** The text with some of its bytes replaced, dropped or doubled. */
function damaged(text: string): fc.Arbitrary<Buffer> {
  const bytes = Buffer.from(text);
  const change = fc.record({
    at: fc.nat(bytes.length - 1),
    by: fc.uint8Array({ maxLength: 3 }),
    cut: fc.nat(20),
  });
  return fc
    .array(change, { minLength: 1, maxLength: 4 })
    .map((changes) =>
      changes.reduce(
        (result, { at, by, cut }) => Buffer.concat([result.subarray(0, at), by, result.subarray(at + cut)]),
        bytes,
      ),
    );
}

test.each([
  ['Markdown', markdown, 'x.mdx', openMarkdown],
  ['WordPress', wordpress, 'x.xml', openWordpress],
  ['Ghost', ghost, 'x.json', openGhost],
] as const)('damaged %s', async (_name, text, name, open) => {
  await fc.assert(
    fc.asyncProperty(damaged(text), async (bytes) => {
      const file = path.join(await folderWith({ [name]: bytes }), name);
      try {
        const { posts, notices } = await readAll(await open(file, new Date(0)));
        for (const post of posts) expect(post.title).not.toBe('');
        for (const notice of notices) expect(notice.reason).not.toBe('');
      } catch (error) {
        expect(error).toBeInstanceOf(OperatorError);
        expect(String(error)).not.toContain('\n');
      }
    }),
    runs,
  );
});

test.each([
  ['brackets', '[a '.repeat(20_000)],
  ['shortcodes', '[caption]'.repeat(20_000)],
  ['tags', '<a '.repeat(20_000)],
  ['quotes', '<a "'.repeat(5_000)],
  ['blank lines', ' \n'.repeat(50_000)],
  ['open blocks', '<div>'.repeat(20_000)],
])('a long run of %s takes no long time', (_name, html) => {
  const started = performance.now();
  addParagraphs(html, () => undefined);
  expect(performance.now() - started).toBeLessThan(5_000);
});

test('so do long bodies of the other kinds', async () => {
  const started = performance.now();
  const bodies = [
    '`'.repeat(50_000),
    '``` \n'.repeat(10_000),
    '![a]('.repeat(10_000),
    '{% '.repeat(20_000),
    '{\n}\n'.repeat(5_000),
  ];
  const files = Object.fromEntries(bodies.map((body, index) => [`${index}.md`, body]));
  await readAll(await openMarkdown(await folderWith(files), new Date(0)));
  const shortcodes = [
    '[a b="c"] '.repeat(5_000),
    '[[a'.repeat(10_000),
    `${'[a]'.repeat(5_000)}[/a]`,
    '<code>'.repeat(2_000),
  ];
  const items = shortcodes.map(
    (content, index) =>
      `<item><title>${index}</title><content:encoded><![CDATA[${content}]]></content:encoded></item>`,
  );
  const xml = `<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>${items.join('')}</channel></rss>`;
  const { posts } = await readAll(
    await openWordpress(path.join(await folderWith({ 'x.xml': xml }), 'x.xml')),
  );
  expect(posts).toHaveLength(4);
  expect(performance.now() - started).toBeLessThan(15_000);
});
