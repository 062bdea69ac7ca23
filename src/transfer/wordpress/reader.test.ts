import path from 'node:path';
import { expect, test } from 'vitest';
import { folderWith } from '../../../test/transfer/support/folder.ts';
import { type ReadAll, readAll } from '../../../test/transfer/support/read-all.ts';
import { OperatorError } from '../../errors.ts';
import { openWordpress } from './reader.ts';

const namespaces = 'xmlns:content="c" xmlns:dc="d" xmlns:wp="http://wordpress.org/export/1.2/"';
const head = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" ${namespaces}><channel>
<wp:base_blog_url>https://old.example</wp:base_blog_url>
<wp:author><wp:author_login>ed</wp:author_login><wp:author_display_name><![CDATA[Ed Itor]]></wp:author_display_name></wp:author>
<wp:category><wp:category_nicename>news</wp:category_nicename><wp:cat_name>News &amp;amp; views</wp:cat_name><wp:category_description><![CDATA[What <b>is</b> new]]></wp:category_description></wp:category>
`;
const foot = '</channel></rss>\n';

function item(id: number, fields: Record<string, string> = {}, extra = ''): string {
  const all = {
    title: `Title ${id}`,
    link: `https://old.example/2024/01/title-${id}/`,
    guid: `https://old.example/?p=${id}`,
    'dc:creator': 'ed',
    'content:encoded': 'Text',
    'wp:post_id': String(id),
    'wp:post_date': '2024-01-02 12:00:00',
    'wp:post_date_gmt': '2024-01-02 10:00:00',
    'wp:post_name': `title-${id}`,
    'wp:status': 'publish',
    'wp:post_type': 'post',
    ...fields,
  };
  const elements = Object.entries(all).map(([name, text]) => `<${name}><![CDATA[${text}]]></${name}>`);
  return `<item>\n${elements.join('\n')}\n${extra}</item>\n`;
}

async function open(xml: string | Uint8Array) {
  return openWordpress(path.join(await folderWith({ 'blog.xml': xml }), 'blog.xml'));
}

async function read(...items: string[]): Promise<ReadAll> {
  return readAll(await open(head + items.join('') + foot));
}

test('a post with everything', async () => {
  const { posts, notices } = await read(
    item(
      7,
      {
        title: 'Bits &amp; <em>bobs</em>',
        'wp:post_name': 'caf%C3%A9',
        link: 'https://old.example/caf%c3%a9/',
        'excerpt:encoded': '<p>In short</p>',
        'wp:post_modified_gmt': '2024-02-02 00:00:00',
      },
      `<category domain="post_tag" nicename="odd"><![CDATA[Odd]]></category>
<category domain="category" nicename="news"><![CDATA[News &amp; views]]></category>
<category domain="post_format" nicename="aside"><![CDATA[Aside]]></category>
<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta>
<wp:comment><wp:comment_id>1</wp:comment_id></wp:comment><wp:comment><wp:comment_id>2</wp:comment_id></wp:comment>`,
    ),
    item(9, {
      'wp:post_type': 'attachment',
      'wp:status': 'inherit',
      'wp:attachment_url': 'https://old.example/a.jpg',
    }),
  );
  expect(posts).toEqual([
    {
      source: 'wordpress:https://old.example/?p=7',
      type: 'post',
      status: 'published',
      title: 'Bits & bobs',
      content: '<p>Text</p>',
      format: 'html',
      slug: 'café',
      excerpt: 'In short',
      publishedAt: '2024-01-02T10:00:00.000Z',
      createdAt: '2024-01-02T10:00:00.000Z',
      updatedAt: '2024-02-02T00:00:00.000Z',
      tags: [
        { name: 'News & views', slug: 'news', description: 'What is new' },
        { name: 'Odd', slug: 'odd' },
      ],
      author: { name: 'Ed Itor', slug: 'ed' },
      featureImage: 'https://old.example/a.jpg',
      redirectFrom: ['/café/', '/?p=7'],
    },
  ]);
  expect(notices.map((notice) => [notice.kind, notice.item, notice.count])).toEqual([
    ['skipped', 'comments on "Bits & bobs"', 2],
    ['skipped', 'Title 9', undefined],
  ]);
});

test('what was not public does not become public', async () => {
  const { posts, lines } = await read(
    item(1, { 'wp:status': 'private' }),
    item(2, { 'wp:post_password': 'secret' }),
    item(3, { 'wp:status': 'pending' }),
    item(4, { 'wp:status': 'draft', 'wp:post_date_gmt': '0000-00-00 00:00:00', 'wp:post_name': '' }),
    item(5, { 'wp:status': 'future', 'wp:post_date_gmt': '2031-01-01 00:00:00' }),
    item(6, { 'wp:status': 'some-plugin' }),
    item(7, { 'wp:status': 'trash' }),
    item(8, { 'wp:post_type': 'recipe' }),
    item(9, { 'wp:post_type': 'page', link: 'https://old.example/about/team/' }),
  );
  expect(posts.map((post) => post.status)).toEqual([
    'draft',
    'draft',
    'draft',
    'draft',
    'scheduled',
    'draft',
    'published',
  ]);
  expect(posts[3]).toMatchObject({ createdAt: '2024-01-02T12:00:00.000Z', redirectFrom: [] });
  expect(posts[3]?.slug).toBeUndefined();
  expect(posts[3]?.publishedAt).toBeUndefined();
  expect(posts[6]).toMatchObject({ type: 'page', redirectFrom: ['/about/team/', '/?page_id=9'] });
  expect(lines.map((line) => line.replace(/\d+/, 'N'))).toEqual([
    'warning N: was private, so it is imported as a draft',
    'warning N: was protected by a password, so it is imported as a draft',
    'warning N: was some-plugin, so it is imported as a draft',
    'skipped N: in the trash',
    'skipped N: of the type "recipe", which has no counterpart here',
  ]);
});

test('bodies: blocks, captions, galleries, embeds and shortcodes of plugins', async () => {
  const body = async (content: string) => {
    const { posts, lines } = await read(
      item(1, { 'content:encoded': content }),
      item(5, { 'wp:post_type': 'attachment', 'wp:attachment_url': 'https://old.example/5.png' }),
    );
    return [posts[0]?.content, ...lines.slice(0, -1).map((line) => line.replace(/.*: /, ''))];
  };
  expect(
    await body(
      '<!-- wp:paragraph {"a":{"b":1}} -->\n<p>One\ntwo</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:latest-posts /-->\n<!-- wp:freeform -->\nx\n\ny\n<!-- /wp:freeform -->',
    ),
  ).toEqual(['<p>One\ntwo</p>\n<p>x</p>\n<p>y</p>', 'WordPress makes it anew whenever the post is shown']);
  expect(
    await body(
      'a\n[caption align="alignleft" width="3"]<a href="b"><img src="c.png" /></a> Some <i>text</i>[/caption]\nb',
    ),
  ).toEqual([
    '<p>a</p>\n<figure class="alignleft"><a href="b"><img src="c.png" /></a>\n<figcaption>Some <i>text</i></figcaption>\n</figure>\n<p>b</p>',
  ]);
  expect(await body('[gallery ids="5,6"]')).toEqual([
    '<figure><img src="https://old.example/5.png" alt=""></figure>',
    '1 images of a [gallery] are not in the export',
  ]);
  expect(
    await body('[1] is [sic], <code>[form id="1"]</code> [[gallery]] [box color="red"]in[/box]'),
  ).toEqual([
    '<p>[1] is [sic], <code>[form id="1"]</code> [gallery] in</p>',
    'the shortcode [box] was left out',
  ]);
  expect(await body('https://youtu.be/abc-123\n\n[embed]https://example.org/?a=1&amp;b=2[/embed]')).toEqual([
    '<figure><iframe src="https://www.youtube.com/embed/abc-123"></iframe></figure>\n<p><a href="https://example.org/?a=1&amp;b=2">https://example.org/?a=1&amp;b=2</a></p>',
  ]);
  expect(await body('a<!--more-->b<!--nextpage-->c')).toEqual([
    '<p>a</p>\n<p>b</p>\n<p>c</p>',
    'the pages that it was divided into are now one',
  ]);
});

test('WXR 1.0: terms twice, no slugs of their own, tags called tag', async () => {
  const xml = (
    head +
    item(
      1,
      {},
      '<category><![CDATA[News]]></category><category domain="tag"><![CDATA[x]]></category><category domain="tag" nicename="x"><![CDATA[x]]></category>',
    ) +
    foot
  ).replace('export/1.2', 'export/1.0');
  const { posts } = await readAll(await open(xml));
  expect(posts[0]?.tags).toEqual([{ name: 'x', slug: 'x' }]);
});

test('two items with one GUID stay two posts', async () => {
  const { posts } = await read(item(1, { guid: 'g' }), item(2, { guid: 'g' }), item(3, { guid: '' }));
  expect(posts.map((post) => post.source)).toEqual([
    'wordpress:g',
    'wordpress:g#2',
    'wordpress:https://old.example/?p=3',
  ]);
});

test('a truncated file: what is before the break is imported, the break is a failure with its line', async () => {
  const whole = head + item(1) + item(2) + item(3);
  const cut = whole.indexOf('Title 3') + 4;
  const { posts, notices } = await readAll(await open(whole.slice(0, cut)));
  expect(posts.map((post) => post.title)).toEqual(['Title 1', 'Title 2']);
  expect(notices).toHaveLength(1);
  expect(notices[0]).toMatchObject({ kind: 'failed', reason: expect.stringContaining('the file ends') });
  expect(notices[0]?.line).toBe(whole.slice(0, whole.lastIndexOf('<item>')).split('\n').length);
  const between = await readAll(await open(head + item(1)));
  expect(between.notices).toMatchObject([{ kind: 'failed', reason: 'the file ends before </rss>' }]);
});

test('items that are not well-formed fail alone, with the line of the fault', async () => {
  const { posts, notices } = await read(
    item(1),
    item(2, {}, '\n<broken attr=x></broken>\n'),
    item(3, {}, '&nothing;'),
    item(4, {}, '\b'),
    item(5, { 'wp:post_date_gmt': '2024-02-31 00:00:00' }),
    item(6).replace('</item>', ''),
    item(7),
  );
  expect(posts.map((post) => post.title)).toEqual(['Title 1', 'Title 7']);
  expect(notices.map((notice) => [notice.kind, notice.item])).toEqual(
    [2, 3, 4, 5, 6].map((id) => ['failed', `Title ${id}`]),
  );
  for (const notice of notices) expect(notice.line).toBeGreaterThan(6);
});

test('an entity bomb is refused at once', async () => {
  const entities = Array.from({ length: 20 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join(
    '\n',
  );
  const bomb = head.replace('<rss', `<!DOCTYPE rss [\n<!ENTITY l0 "lol">\n${entities}\n]>\n<rss`);
  await expect(open(`${bomb + item(1, {}, '<x>&l20;</x>')}${foot}`)).rejects.toThrow(
    /line \d+: defines entities/,
  );
});

test.each([
  [
    'another root',
    '<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom"></feed>',
    /root element is <feed>/,
  ],
  ['a plain feed', '<rss version="2.0"><channel></channel></rss>', /RSS feed without/],
  ['no XML', 'hello\n', /not a WordPress export: line \d: text data/],
  ['nothing', '', /must contain a root element\. Make one/],
  ['bytes', Buffer.from([0x3c, 0x72, 0x73, 0x73, 0xff, 0xfe]), /not valid utf-8/],
  ['an unknown encoding', '<?xml version="1.0" encoding="x-none"?><rss/>', /cannot be read/],
])('%s is not an export', async (_name, content, message) => {
  const opening = open(content);
  await expect(opening).rejects.toThrow(OperatorError);
  await expect(opening).rejects.toThrow(message);
});

test('an export in another encoding is read in it', async () => {
  const xml = (head + item(1, { title: 'caf\xe9' }) + foot).replace('UTF-8', 'ISO-8859-1');
  const { posts } = await readAll(await open(Buffer.from(xml, 'latin1')));
  expect(posts[0]?.title).toBe('café');
});

test('a file that is not there is an operator error', async () => {
  await expect(openWordpress('/nowhere/blog.xml')).rejects.toThrow(
    '/nowhere/blog.xml cannot be read: no such file',
  );
});
