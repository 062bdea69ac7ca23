/**
 * The cached blog is held to a blog without a cache over random edits, in both directions: what had to change did at once,
 * and what did not change is still a hit.
 */
import fc from 'fast-check';
import type { LightMyRequestResponse } from 'fastify';
import { expect, it } from 'vitest';
import type { BlogSystem } from '../../src/app.ts';
import type { ImportedPost } from '../../src/blog/posts/post.ts';
import { publishDue } from '../support/publish.ts';
import { cacheStatus, contentOf, get, isHit, openCluster } from './nodes.ts';

const tags = ['alpha', 'beta', '日記'];
const authors = ['ada', 'bob'];
const slugs = ['red', 'green', 'blue', 'grün'];
const words = ['lantern', 'meadow', 'harbour'];
const day = (n: number) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString();

const kinds = [
  'create',
  'createDraft',
  'createPage',
  'schedule',
  'publishDue',
  'title',
  'content',
  'retag',
  'author',
  'slug',
  'date',
  'unpublish',
  'publish',
  'type',
  'image',
  'delete',
  'import',
  'restore',
] as const;

const edits = fc.record({
  kind: fc.constantFrom(...kinds),
  pick: fc.nat(1000),
  tags: fc.subarray(tags),
  author: fc.constantFrom(...authors),
  slug: fc.constantFrom(...slugs),
  word: fc.constantFrom(...words),
  day: fc.nat(18),
});
type Edit = typeof edits extends fc.Arbitrary<infer T> ? T : never;

/** Whose changes leave every list as long as it was, with the same posts in the same order. */
const textKinds: readonly string[] = ['title', 'content', 'image'];

async function seed({ posts }: BlogSystem): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < 15; n += 1) {
    const status = n % 7 === 6 ? ('draft' as const) : ('published' as const);
    const post = await posts.create({
      title: `Post ${n} ${words[n % 3]}`,
      content: `Text ${n} of the ${words[(n + 1) % 3]}`,
      type: n % 5 === 4 ? 'page' : 'post',
      tags: n % 4 === 3 ? [] : tags.slice(n % 3, (n % 3) + 2),
      author: authors[n % 2] ?? '',
      publishedAt: day(n),
      status,
    });
    ids.push(post.id);
  }
  return ids;
}

function importedPost({ word, tags: names, day: n, slug }: Edit): ImportedPost {
  return {
    source: `markdown:${word}.md`,
    type: 'post',
    status: 'published',
    title: `Imported ${n}`,
    content: `An import of the ${word}`,
    format: 'markdown',
    publishedAt: day(n),
    tags: names.map((name) => ({ name })),
    redirectFrom: [`/old-${slug}/`, `/${slug}/`],
  };
}

/** @returns the id of the post that was touched; null when the edit could not be made */
async function apply({ posts }: BlogSystem, ids: string[], edit: Edit): Promise<string | null> {
  const { kind, pick, word } = edit;
  const id = ids[pick % ids.length] ?? '';
  const written = {
    title: `New ${word}`,
    content: `All of the ${word}`,
    tags: edit.tags,
    author: edit.author,
  };
  const created = async (post: Promise<{ id: string }>) => {
    const made = await post;
    ids.push(made.id);
    return made.id;
  };
  const update = async (patch: Parameters<typeof posts.update>[1]) => (await posts.update(id, patch)).id;
  const inFuture = new Date(Date.now() + 3_600_000).toISOString();
  switch (kind) {
    case 'create':
      return created(posts.create({ ...written, publishedAt: day(edit.day) }));
    case 'createDraft':
      return created(posts.create({ ...written, slug: edit.slug, status: 'draft' }));
    case 'createPage':
      return created(posts.create({ ...written, type: 'page', publishedAt: day(edit.day) }));
    case 'schedule':
      return created(posts.create({ ...written, publishedAt: inFuture }));
    case 'publishDue':
      await publishDue({ posts }, new Date(Date.now() + 7_200_000).toISOString());
      return '';
    case 'title':
      return update({ title: `Renamed ${word} ${pick}` });
    case 'content':
      return update({ content: `Rewritten ${word} ${pick}` });
    case 'retag':
      return update({ tags: edit.tags });
    case 'author':
      return update({ author: edit.author });
    case 'slug':
      return update({ slug: edit.slug });
    case 'date':
      return update({ publishedAt: day(edit.day) });
    case 'unpublish':
      return update({ status: 'draft' });
    case 'publish':
      return update({ status: 'published' });
    case 'type':
      return update({ type: pick % 2 === 0 ? 'page' : 'post' });
    case 'image':
      return update({ featureImage: `/media/${word}.png` });
    case 'delete':
      await posts.delete(id);
      ids.splice(ids.indexOf(id), 1);
      return id;
    case 'import':
      await posts.importBatch([importedPost(edit)]);
      return '';
    case 'restore':
      return (await posts.restoreRevision(id, 1)).id;
  }
}

const fixedUrls = [
  '/posts',
  '/posts?limit=3',
  '/posts?limit=3&offset=3',
  '/posts?limit=4&sort=publishedAt',
  '/posts?limit=5&include=content',
  '/posts?type=page',
  '/posts?tag=alpha&author=ada',
  '/posts?tag=unknown',
  '/posts?q=lantern',
  '/posts?q=lantern&limit=1',
  '/posts?q=meadow&type=page',
  '/posts?q=harbour&tag=beta&author=bob',
  '/posts/never',
  '/posts/019f0000-0000-7000-8000-000000000000',
  '/tags',
  '/authors',
  '/tags/unknown',
  '/',
  '/page/2/',
  '/archive/',
  '/search',
  '/search?q=lantern',
  '/rss.xml',
  '/atom.xml',
  '/feed.json',
  '/sitemap.xml',
  '/robots.txt',
  '/never/',
  ...tags.flatMap((tag) => [
    `/posts?tag=${tag}&limit=3`,
    `/tags/${tag}`,
    `/tag/${tag}/`,
    `/tag/${tag}/page/2/`,
  ]),
  ...authors.flatMap((author) => [`/posts?author=${author}`, `/authors/${author}`, `/author/${author}/`]),
  ...slugs.flatMap((slug) => [`/posts/${slug}`, `/${slug}/`, `/${slug}`, `/old-${slug}/`, `/old-${slug}`]),
].map((url) => encodeURI(url));

type Answers = Map<string, LightMyRequestResponse>;

async function fetchAll(node: BlogSystem, urls: Iterable<string>): Promise<Answers> {
  return new Map(await Promise.all([...urls].map(async (url) => [url, await get(node, url)] as const)));
}

/**
 * Why an answer may have been made anew although it came out the same: it was made from what did change. A list, or the
 * menu, whose entry moved but came to stand where it stood is such a case.
 */
function mayBeMadeAnew(before: LightMyRequestResponse, kind: string, id: string): boolean {
  // What is not there is remembered for half a minute only, which a busy machine spends on a few edits.
  if (before.statusCode === 404) return true;
  const madeFrom = String(before.headers['cache-tag'] ?? '').split(',');
  const reasons = [`post:${id}`, 'search', 'sitemap'];
  const isListEdit = !textKinds.includes(kind);
  return madeFrom.some(
    (tag) =>
      reasons.includes(tag) ||
      (isListEdit && /^(posts|pages|navigation|tags|authors|post:|tag:|author:|path:)/.test(tag)),
  );
}

const countOf = { fetched: 0, changed: 0, hits: 0, anew: 0 };

it('shows every edit at once, and keeps what it does not concern', { timeout: 240_000 }, async () => {
  const cluster = await openCluster();
  const [cached, plain] = [await cluster.start(), await cluster.start()];
  const ids = await seed(cached);
  const urls = new Set(fixedUrls);
  const noteUrls = async () => {
    for (const id of ids) {
      const { slug } = await cached.posts.find(id);
      for (const url of [`/posts/${id}`, `/posts/${slug}`, `/${slug}/`]) urls.add(encodeURI(url));
    }
  };
  await noteUrls();

  async function checkEdit(edit: Edit): Promise<void> {
    const before = await fetchAll(cached, urls);
    const id = await apply(cached, ids, edit).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'slug_taken') return null;
      throw error;
    });
    if (id === null) return;
    // On a machine that is busy for a second the node would not be sure of itself, and ask for what it has.
    await cached.cache.catchUp();
    const after = await fetchAll(cached, urls);
    await plain.cache.clear();
    const truth = await fetchAll(plain, urls);
    for (const url of urls) {
      const [old, now, real] = [before.get(url), after.get(url), truth.get(url)];
      if (!old || !now || !real) throw new Error(`not fetched: ${url}`);
      expect(contentOf(now), `${url} after ${edit.kind}`).toEqual(contentOf(real));
      const hasChanged = JSON.stringify(contentOf(old)) !== JSON.stringify(contentOf(now));
      countOf.fetched += 1;
      if (hasChanged) countOf.changed += 1;
      else if (isHit(now)) countOf.hits += 1;
      else {
        countOf.anew += 1;
        const verdict = `${url} after ${edit.kind}: ${cacheStatus(now)}; ${old.headers['cache-tag']}`;
        expect(mayBeMadeAnew(old, edit.kind, id), verdict).toBe(true);
      }
    }
    await noteUrls();
  }

  await fc.assert(fc.asyncProperty(edits, checkEdit), { numRuns: 25, endOnFailure: true });
  expect(countOf.hits / (countOf.fetched - countOf.changed)).toBeGreaterThan(0.7);
});
