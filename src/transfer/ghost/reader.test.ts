import path from 'node:path';
import { expect, test } from 'vitest';
import { folderWith } from '../../../test/transfer/support/folder.ts';
import { type ReadAll, readAll } from '../../../test/transfer/support/read-all.ts';
import { OperatorError } from '../../errors.ts';
import { openGhost } from './reader.ts';

type Row = Record<string, unknown>;

async function open(content: string | Uint8Array) {
  return openGhost(path.join(await folderWith({ 'ghost.json': content }), 'ghost.json'));
}

function post(id: string, fields: Row = {}): Row {
  return {
    id,
    title: `Title ${id}`,
    slug: `title-${id}`,
    html: '<p>x</p>',
    type: 'post',
    status: 'published',
    visibility: 'public',
    published_at: '2024-01-02 03:04:05',
    ...fields,
  };
}

async function read(posts: unknown[], tables: Row = {}): Promise<ReadAll> {
  return readAll(await open(JSON.stringify({ db: [{ meta: {}, data: { posts, ...tables } }] })));
}

test('a post with everything', async () => {
  const { posts, lines } = await read(
    [
      post('a', {
        html: '<p><img src="__GHOST_URL__/content/images/x.png"></p>',
        feature_image: '__GHOST_URL__/content/images/y.png',
        custom_excerpt: 'Short',
        canonical_url: 'https://example.org/first',
        created_at: '2024-01-01 00:00:00',
        updated_at: '2024-01-03T00:00:00.000Z',
      }),
    ],
    {
      posts_meta: [{ post_id: 'a', meta_title: 'MT', meta_description: 'MD' }],
      tags: [
        { id: 't1', name: 'One', slug: 'one', description: 'First', visibility: 'public' },
        { id: 't2', name: '#hidden', slug: 'hash-hidden', visibility: 'internal' },
        { id: 't3', name: 'Two', slug: 'two' },
        { broken: true },
      ],
      posts_tags: [
        { post_id: 'a', tag_id: 't1', sort_order: 2 },
        { post_id: 'a', tag_id: 't2', sort_order: 1 },
        { post_id: 'a', tag_id: 't3', sort_order: 0 },
        { post_id: 'a', tag_id: 'gone', sort_order: 3 },
      ],
      users: [
        {
          id: 'u1',
          name: 'Uma',
          slug: 'uma',
          bio: 'Writes',
          profile_image: '__GHOST_URL__/u.png',
          website: 'https://u.example',
        },
        { id: 'u2', name: 'Vic', slug: 'vic' },
      ],
      posts_authors: [
        { post_id: 'a', author_id: 'u2', sort_order: 1 },
        { post_id: 'a', author_id: 'u1', sort_order: 0 },
      ],
    },
  );
  expect(posts).toEqual([
    {
      source: 'ghost:a',
      type: 'post',
      status: 'published',
      title: 'Title a',
      content: '<p><img src="/content/images/x.png"></p>',
      format: 'html',
      slug: 'title-a',
      excerpt: 'Short',
      publishedAt: '2024-01-02T03:04:05.000Z',
      createdAt: '2024-01-01T00:00:00.000Z',
      updatedAt: '2024-01-03T00:00:00.000Z',
      tags: [
        { name: 'Two', slug: 'two' },
        { name: 'One', slug: 'one', description: 'First' },
      ],
      author: { name: 'Uma', slug: 'uma', bio: 'Writes', image: '/u.png', website: 'https://u.example' },
      featureImage: '/content/images/y.png',
      canonicalUrl: 'https://example.org/first',
      metaTitle: 'MT',
      metaDescription: 'MD',
      redirectFrom: [],
    },
  ]);
  expect(lines).toEqual([
    'warning -: refers to 2 files under /content/, not in the export',
    'warning -: internal tags were left out: #hidden',
    'warning -: only the first author was kept; also named: Vic',
  ]);
});

test('what was not public does not become public', async () => {
  const { posts, notices } = await read([
    post('a', { visibility: 'members' }),
    post('b', { visibility: 'paid', status: 'scheduled' }),
    post('c', { status: 'sent' }),
    post('d', { status: 'draft', visibility: 'members' }),
    post('e', { status: 'scheduled', published_at: '2031-01-01 00:00:00' }),
    post('f', { status: 'new-kind' }),
    post('g', { type: 'page' }),
  ]);
  expect(posts.map((entry) => entry.status)).toEqual([
    'draft',
    'draft',
    'draft',
    'draft',
    'scheduled',
    'draft',
    'published',
  ]);
  expect(posts[6]?.type).toBe('page');
  expect(notices.map((notice) => notice.item)).toEqual(['Title a', 'Title b', 'Title c', 'Title f']);
});

test('lexical bodies become HTML', async () => {
  const text = (words: string, format = 0) => ({ type: 'extended-text', text: words, format });
  const lexical = JSON.stringify({
    root: {
      type: 'root',
      children: [
        { type: 'extended-heading', tag: 'h3', children: [text('A & B')] },
        {
          type: 'paragraph',
          children: [
            text('bold', 3),
            { type: 'linebreak' },
            { type: 'link', url: 'https://e.x/?a&b', children: [text('l')] },
          ],
        },
        { type: 'list', listType: 'number', children: [{ type: 'listitem', children: [text('one')] }] },
        { type: 'extended-quote', children: [text('q')] },
        { type: 'codeblock', code: '1 < 2', language: 'js' },
        { type: 'markdown', version: 1, markdown: '*md*' },
        { type: 'html', html: '<b>raw</b>' },
        { type: 'image', src: '__GHOST_URL__/i.png', alt: 'A "b"', caption: '<i>c</i>' },
        { type: 'horizontalrule' },
        { type: 'bookmark', url: 'https://e.x', metadata: { title: 'T', description: 'D' } },
        { type: 'callout', calloutEmoji: '!', calloutText: 'mind' },
        { type: 'toggle', heading: 'H', content: '<p>C</p>' },
        { type: 'embed', url: 'https://www.youtube.com/watch?v=abc', html: '' },
        { type: 'paywall' },
        { type: 'signup', header: 'Join' },
      ],
    },
  });
  const { posts, lines } = await read([post('a', { html: null, lexical })]);
  const content = (posts[0]?.content ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  expect(content).toEqual([
    '<h3>A &amp; B</h3>',
    '<p><em><strong>bold</strong></em><br><a href="https://e.x/?a&amp;b">l</a></p>',
    '<ol><li>one</li></ol>',
    '<blockquote>q</blockquote>',
    '<pre><code class="language-js">1 &lt; 2</code></pre>',
    '<p><em>md</em></p>',
    '<b>raw</b>',
    '<figure><img src="/i.png" alt="A &quot;b&quot;"><figcaption><i>c</i></figcaption></figure>',
    '<hr>',
    '<p><a href="https://e.x">T</a><br>D</p>',
    '<blockquote><p>! mind</p></blockquote>',
    '<details><summary>H</summary><p>C</p></details>',
    '<figure><iframe src="https://www.youtube.com/embed/abc"></iframe></figure>',
  ]);
  expect(lines).toEqual(['warning -: the card "signup" was left out']);
});

test('mobiledoc bodies become HTML', async () => {
  const mobiledoc = JSON.stringify({
    version: '0.3.1',
    markups: [['strong'], ['a', ['href', 'https://e.x/"']], ['script']],
    atoms: [
      ['soft-return', '', {}],
      ['mention', '@x', {}],
    ],
    cards: [
      ['card-markdown', { markdown: '# h' }],
      ['poll', {}],
    ],
    sections: [
      [
        1,
        'p',
        [
          [0, [0], 0, 'a<'],
          [0, [1], 2, 'b'],
          [1, [], 0, 0],
          [1, [], 0, 1],
          [0, [2], 1, 'c'],
        ],
      ],
      [3, 'ol', [[[0, [], 0, 'i']]]],
      [2, 'https://e.x/p.png'],
      [10, 0],
      [10, 1],
      [99],
    ],
  });
  const { posts, lines } = await read([post('a', { html: '', mobiledoc })]);
  expect(posts[0]?.content).toContain(
    '<p><strong>a&lt;<a href="https://e.x/&quot;">b</a></strong><br>@x<span>c</span></p>\n<ol><li>i</li></ol>\n<figure><img src="https://e.x/p.png" alt=""></figure>',
  );
  expect(posts[0]?.content).toMatch(/<h1[^>]*>h/);
  expect(lines.map((line) => line.slice(11))).toEqual([
    'the card "mention" was left out',
    'the card "poll" was left out',
    'the card "section 99" was left out',
  ]);
});

test('the oldest exports: data at the top, numbers for ids and times, Markdown', async () => {
  const json = {
    data: {
      posts: [
        {
          id: 1,
          uuid: 'u-1',
          title: 'Old',
          slug: 'old',
          markdown: '# x',
          page: 1,
          status: 'published',
          author_id: 5,
          published_at: 1_400_000_000_000,
        },
      ],
      users: [{ id: 5, name: 'Five', slug: 'five' }],
    },
  };
  const { posts } = await readAll(await open(JSON.stringify(json)));
  expect(posts[0]).toMatchObject({
    source: 'ghost:u-1',
    type: 'page',
    format: 'markdown',
    content: '# x',
    author: { name: 'Five', slug: 'five' },
    publishedAt: '2014-05-13T16:53:20.000Z',
  });
});

test('broken rows fail alone', async () => {
  const { posts, notices } = await read([
    post('a'),
    { id: 'b', title: 5 },
    null,
    post('c', { published_at: '2024-02-31 00:00:00' }),
    post('d', { html: null, lexical: '{"root":' }),
    post('e', { html: 'a\0b' }),
    post('f', { html: 'a\ud800b' }),
    post('g', { title: ' ' }),
  ]);
  expect(posts.map((entry) => entry.title)).toEqual(['Title a', 'x']);
  expect(notices.filter((notice) => notice.kind === 'failed').map((notice) => notice.item)).toEqual([
    'posts[1]',
    'posts[2]',
    'Title c',
    'Title d',
    'Title e',
    'Title f',
  ]);
});

test.each([
  [
    'truncated',
    '{\n"db": [\n{"data": {"posts": [{"id": "a", "ti',
    /line 3: not an export of Ghost: it is not valid JSON/,
  ],
  ['not JSON', 'hello', /line 1: .*not valid JSON/],
  ['other JSON', '{"version": "https://jsonfeed.org/version/1.1", "items": []}', /no list of posts/],
  ['an array', '[1]', /no list of posts/],
  ['Latin-1', Buffer.from('{"a": "\xe9"}', 'latin1'), /not valid UTF-8/],
])('%s is not an export', async (_name, content, message) => {
  const opening = open(content);
  await expect(opening).rejects.toThrow(OperatorError);
  await expect(opening).rejects.toThrow(message);
});
