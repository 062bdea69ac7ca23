/** A real blog for tests of its pages: the whole system on a database of its own, with posts that hold everything. */
import { type BlogSystem, createBlogSystem } from '../../src/app.ts';
import type { ConfigInput } from '../../src/config/schema.ts';
import { createDatabasePlace } from '../support/database-kinds.ts';

export interface TestBlog extends AsyncDisposable {
  blog: BlogSystem;
}

/** @param site Settings of the site; the title is The Test Gazette unless given. */
export async function startBlog(site: ConfigInput['site'] = {}): Promise<TestBlog> {
  const place = await createDatabasePlace();
  const blog = await createBlogSystem({
    site: { title: 'The Test Gazette', description: 'Everything that a page can hold', ...site },
    database: { url: place.url },
    log: { level: 'silent' },
  });
  return {
    blog,
    async [Symbol.asyncDispose]() {
      await blog.close();
      await place.remove();
    },
  };
}

export const kitchenSink = `An opening with **bold**, *italic*, \`code\`, ~~gone~~, a [link](/second/) and a note[^1].

# A first-level heading

> A quotation with *emphasis*.

- [ ] open
- [x] done

##### A heading that skips levels

\`\`\`ts
// A comment
export class Counter extends Base<number> {
  readonly start = 42;
  say(name: string): string { return \`hi \${name}\`; }
}
\`\`\`

\`\`\`diff
- old
+ new
\`\`\`

\`\`\`json
{ "name": "value", "n": 1, "yes": true }
\`\`\`

\`\`\`css
@media print { a:hover, #id > .class[x="y"]::before { color: red !important; } }
\`\`\`

\`\`\`sh
curl -s "$HOME/x" | grep -v '^#' # comment
\`\`\`

| Name | Value | A column with a long title | And another one | And more still |
|------|------:|----------------------------|-----------------|----------------|
| one  | 1     | words in a cell            | more words      | even more      |

![A picture](/favicon.ico)

<figure><img src="/favicon.ico" alt="Icon"><figcaption>A caption.</figcaption></figure>

<details><summary>More</summary>Hidden words.</details>

Press <kbd>Ctrl</kbd>, see <mark>this</mark>.

مرحبا بالعالم

[^1]: The note itself.
`;

/** Posts enough for two pages of a list, one that holds everything, a page, and what no reader may see. */
export async function fillBlog({ posts }: BlogSystem): Promise<void> {
  for (let day = 1; day <= 11; day += 1) {
    await posts.create({
      title: `Day ${day}`,
      content: `What happened on day ${day}.`,
      tags: ['Diary'],
      author: 'A Diarist',
      publishedAt: `2026-01-${String(day).padStart(2, '0')}T08:00:00.000Z`,
    });
  }
  await posts.create({
    title: 'Everything </script> & "more"',
    slug: 'everything',
    content: kitchenSink,
    excerpt: 'A written excerpt.',
    tags: ['Diary', 'C# & co'],
    author: 'A Diarist',
    featureImage: '/favicon.ico',
    publishedAt: '2026-02-01T08:00:00.000Z',
  });
  await posts.create({ title: 'About', type: 'page', content: 'About this blog.' });
  await posts.create({ title: 'Secret', content: 'Not yet.', status: 'draft', tags: ['Hidden'] });
}
