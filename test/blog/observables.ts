/** Everything that a reader can get from a blog, each with the cache tags that it was made from. */
import type { BlogSystem } from '../../src/app.ts';
import { collectReads } from '../../src/blog/reads.ts';
import { BroadsheetError } from '../../src/errors.ts';
import { anonymous } from '../../src/identity/principal.ts';

export interface Observation {
  value: string;
  tags: ReadonlySet<string>;
}

export const words = ['otter', 'badger', 'heron'];
export const tagSlugs = ['red', 'green', 'blue'];
export const authorSlugs = ['ann', 'bob'];

/** @param slugs addresses to try, of posts that are there or were or never have been */
export async function observe(blog: BlogSystem, slugs: Iterable<string>): Promise<Map<string, Observation>> {
  const { posts, tags, authors } = blog;
  const views: [string, () => Promise<unknown>][] = [
    ['first page', () => posts.list({ limit: 2 }, anonymous)],
    ['with texts', () => posts.list({ limit: 100, include: 'content' }, anonymous)],
    ['pages', () => posts.list({ type: 'page' }, anonymous)],
    ['tags', () => tags.list()],
    ['authors', () => authors.list()],
    ['archive', () => posts.archive()],
    ['sitemap', () => Array.fromAsync(posts.sitemapEntries())],
    ...tagSlugs.map((tag): [string, () => Promise<unknown>] => [
      `tag ${tag}`,
      async () => [await posts.list({ tag, limit: 2 }, anonymous), await orNone(tags.find(tag))],
    ]),
    ...authorSlugs.map((author): [string, () => Promise<unknown>] => [
      `author ${author}`,
      async () => [await posts.list({ author }, anonymous), await orNone(authors.find(author))],
    ]),
    ...words.map((q): [string, () => Promise<unknown>] => [
      `search ${q}`,
      () => posts.list({ q }, anonymous),
    ]),
    ...[...slugs].map((slug): [string, () => Promise<unknown>] => [
      `address ${slug}`,
      async () => (await orNone(posts.find(slug, anonymous))) ?? (await posts.resolveRedirect(`/${slug}/`)),
    ]),
  ];
  const seen = new Map<string, Observation>();
  for (const [name, view] of views) {
    const read = new Set<string>();
    const value = await collectReads(read, view);
    seen.set(name, { value: JSON.stringify(value), tags: read });
  }
  return seen;
}

async function orNone<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof BroadsheetError && error.status === 404) return null;
    throw error;
  }
}
