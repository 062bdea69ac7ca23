/** JSON-LD (schema.org) for search engines. */
import type { PostSummary } from '../../blog/posts/post.ts';
import { paths } from '../address.ts';
import { publishedAt } from './posts.ts';
import type { LinkView, SiteView } from './site.ts';

const escapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** JSON that may stand inside a script element, whatever the titles hold. */
export function scriptSafeJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => escapes[character] ?? '');
}

type Thing = Record<string, unknown>;

export function websiteData(site: SiteView): Thing {
  return {
    '@type': 'WebSite',
    '@id': `${site.address}/#website`,
    url: `${site.address}/`,
    name: site.title,
    ...(site.description === '' ? {} : { description: site.description }),
    inLanguage: site.language,
    potentialAction: {
      '@type': 'SearchAction',
      target: { '@type': 'EntryPoint', urlTemplate: `${site.address}/search?q={search_term_string}` },
      'query-input': 'required name=search_term_string',
    },
  };
}

export function blogPostingData(
  site: SiteView,
  post: PostSummary,
  page: { url: string; description: string; image: string | null },
): Thing {
  return {
    '@type': post.type === 'post' ? 'BlogPosting' : 'WebPage',
    '@id': `${page.url}#content`,
    url: page.url,
    mainEntityOfPage: page.url,
    ...(post.type === 'post' ? { headline: post.title } : { name: post.title }),
    description: page.description,
    ...(page.image === null ? {} : { image: [page.image] }),
    datePublished: publishedAt(post),
    dateModified: post.updatedAt,
    author: {
      '@type': 'Person',
      name: post.author.name,
      url: `${site.address}${paths.author(post.author.slug)}`,
    },
    ...(post.tags.length === 0 ? {} : { keywords: post.tags.map((tag) => tag.name) }),
    isPartOf: { '@id': `${site.address}/#website` },
  };
}

export function collectionData(site: SiteView, page: { url: string; name: string }): Thing {
  return {
    '@type': 'CollectionPage',
    url: page.url,
    name: page.name,
    isPartOf: { '@id': `${site.address}/#website` },
  };
}

/** @param trail From the home page to the page itself. */
export function breadcrumbData(site: SiteView, trail: LinkView[]): Thing {
  return {
    '@type': 'BreadcrumbList',
    itemListElement: trail.map(({ title, url }, index) => ({
      '@type': 'ListItem',
      position: index + 1,
      name: title,
      item: `${site.address}${url}`,
    })),
  };
}

export function structuredData(things: Thing[]): string {
  return scriptSafeJson({ '@context': 'https://schema.org', '@graph': things });
}
