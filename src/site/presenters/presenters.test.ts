import { describe, expect, it } from 'vitest';
import { makePost } from '../../../test/site/memory-blog.ts';
import { presentArchiveMonths, presentArchiveYears } from './archive.ts';
import { presentListPage, presentPostPage } from './page.ts';
import { presentPagination } from './pagination.ts';
import { presentPost, presentPostCard } from './posts.ts';
import { presentSite } from './site.ts';
import { scriptSafeJson } from './structured-data.ts';

const address = 'https://blog.example';
const site = presentSite({ title: 'The Test', description: 'Tests' }, address, []);

describe('a page about a post', () => {
  const post = makePost({
    slug: 'ünïcode',
    title: 'A </script><script>alert(1)</script>',
    featureImage: '/media/a.png',
    tags: [{ slug: 'c-sharp', name: 'C#' }],
  });

  it('has absolute addresses', () => {
    const page = presentPostPage(site, post);
    expect(page.canonicalUrl).toBe('https://blog.example/%C3%BCn%C3%AFcode/');
    expect(page.openGraph.image).toBe('https://blog.example/media/a.png');
  });

  it('names the first publication as canonical, where there is one', () => {
    const elsewhere = makePost({ slug: 'a', title: 'A', canonicalUrl: 'https://first.example/a' });
    const page = presentPostPage(site, elsewhere);
    expect(page.canonicalUrl).toBe('https://first.example/a');
    expect(page.openGraph.url).toBe('https://blog.example/a/');
  });

  it('prefers the meta fields, and keeps the heading', () => {
    const tuned = makePost({ slug: 'a', title: 'A', metaTitle: 'Better', metaDescription: 'Shorter' });
    const page = presentPostPage(site, tuned);
    expect(page).toMatchObject({ title: 'Better · The Test', description: 'Shorter' });
    expect(presentPost(tuned).title).toBe('A');
  });

  it('describes the post to search engines, unable to end the script element', () => {
    const { structuredData } = presentPostPage(site, post);
    expect(structuredData).not.toContain('<');
    const graph = JSON.parse(structuredData ?? '')['@graph'];
    expect(graph.map((thing: { '@type': string }) => thing['@type'])).toEqual([
      'BlogPosting',
      'WebSite',
      'BreadcrumbList',
    ]);
    expect(graph[0]).toMatchObject({ headline: post.title, keywords: ['C#'] });
  });
});

describe('scriptSafeJson', () => {
  it('gives back what went in', () => {
    const value = { text: '</script>&<!-- \u2028\u2029' };
    expect(scriptSafeJson(value)).not.toMatch(/[<>&\u2028\u2029]/);
    expect(JSON.parse(scriptSafeJson(value))).toEqual(value);
  });
});

describe('posts', () => {
  it('say when they were changed on a later day, and only then', () => {
    const at = '2026-03-01T08:00:00.000Z';
    const sameDay = makePost({
      slug: 'a',
      title: 'A',
      publishedAt: at,
      updatedAt: '2026-03-01T20:00:00.000Z',
    });
    const later = makePost({ slug: 'a', title: 'A', publishedAt: at, updatedAt: '2026-03-02T20:00:00.000Z' });
    expect(presentPost(sameDay).updated).toBeNull();
    expect(presentPost(later).updated?.text).toBe('2 March 2026');
  });

  it('link to tags and authors by their encoded slugs', () => {
    const card = presentPostCard(
      makePost({ slug: 'a', title: 'A', tags: [{ slug: 'naïve', name: 'Naïve' }] }),
    );
    expect(card.tags).toEqual([{ name: 'Naïve', url: '/tag/na%C3%AFve/' }]);
    expect(card.author.url).toBe('/author/editor/');
  });
});

describe('lists', () => {
  const pathOf = (page: number) => `/page/${page}/`;

  it('link to the neighbours that there are', () => {
    expect(presentPagination(1, 10, 10, pathOf)).toMatchObject({ pages: 1, newerUrl: null, olderUrl: null });
    expect(presentPagination(2, 10, 21, pathOf)).toMatchObject({
      newerUrl: '/page/1/',
      olderUrl: '/page/3/',
    });
    expect(presentPagination(3, 10, 21, pathOf)).toMatchObject({ pages: 3, olderUrl: null });
  });

  it('are not indexed while they are empty', () => {
    const list = (total: number) =>
      presentListPage(site, {
        name: 'Go',
        description: '',
        path: '/tag/go/',
        pagination: presentPagination(1, 10, total, pathOf),
      });
    expect(list(0).robots).toBe('noindex');
    expect(list(1).robots).toBeNull();
  });
});

describe('the archive', () => {
  it('links each year to the page where it begins', () => {
    const years = presentArchiveYears(
      [
        { year: 2024, months: [{ month: 5, total: 30 }] },
        {
          year: 2026,
          months: [
            { month: 1, total: 70 },
            { month: 11, total: 60 },
          ],
        },
      ],
      100,
    );
    expect(years).toEqual([
      { year: 2026, total: 130, url: '/archive/#m2026-11' },
      { year: 2024, total: 30, url: '/archive/page/2/#m2024-05' },
    ]);
  });

  it('groups posts by their month in UTC', () => {
    const months = presentArchiveMonths([
      makePost({ slug: 'a', title: 'A', publishedAt: '2026-02-01T00:00:00.000Z' }),
      makePost({ slug: 'b', title: 'B', publishedAt: '2026-01-31T23:59:59.000Z' }),
      makePost({ slug: 'c', title: 'C', publishedAt: '2026-01-01T00:00:00.000Z' }),
    ]);
    expect(months.map(({ name, posts }) => [name, posts.length])).toEqual([
      ['February 2026', 1],
      ['January 2026', 2],
    ]);
  });
});
