/** The variable `page`: what a page says about itself in its head. */
import type { Post } from '../../blog/posts/post.ts';
import { paths } from '../address.ts';
import type { PaginationView } from './pagination.ts';
import { publishedAt } from './posts.ts';
import type { SiteView } from './site.ts';
import {
  blogPostingData,
  breadcrumbData,
  collectionData,
  structuredData,
  websiteData,
} from './structured-data.ts';

export interface PageView {
  /** For `<title>`. */
  title: string;
  /** Path of the page; null for what has none of its own. */
  path: string | null;
  /** Plain text; may be empty. */
  description: string;
  /** Absolute; null where the page is not to be indexed. */
  canonicalUrl: string | null;
  /** Content of `<meta name="robots">`; null for the default, which is to index. */
  robots: string | null;
  openGraph: {
    type: 'website' | 'article';
    title: string;
    url: string | null;
    /** Absolute. */
    image: string | null;
    publishedTime: string | null;
    modifiedTime: string | null;
    tags: string[];
  };
  newerUrl: string | null;
  olderUrl: string | null;
  /** JSON-LD, safe inside a script element; print it with `| raw`. */
  structuredData: string | null;
}

const noArticle = { publishedTime: null, modifiedTime: null, tags: [] };

export function presentPostPage(site: SiteView, post: Post): PageView {
  const path = paths.post(post.slug);
  const url = `${site.address}${path}`;
  const title = post.metaTitle ?? post.title;
  const description = post.metaDescription ?? post.excerpt;
  const image = absolute(site, post.featureImage);
  const trail = [
    { title: site.title, url: paths.home() },
    { title: post.title, url: path },
  ];
  return {
    title: documentTitle(title, site),
    path,
    description,
    canonicalUrl: absolute(site, post.canonicalUrl) ?? url,
    robots: null,
    openGraph: {
      type: 'article',
      title,
      url,
      image,
      publishedTime: publishedAt(post),
      modifiedTime: post.updatedAt,
      tags: post.tags.map((tag) => tag.name),
    },
    newerUrl: null,
    olderUrl: null,
    structuredData: structuredData([
      blogPostingData(site, post, { url, description, image }),
      websiteData(site),
      breadcrumbData(site, trail),
    ]),
  };
}

export interface ListPage {
  /** Null for the home page, which carries the blog's own name. */
  name: string | null;
  description: string;
  /** Path of this page of the list. */
  path: string;
  image?: string | null;
  pagination: PaginationView;
}

export function presentListPage(site: SiteView, list: ListPage): PageView {
  const { page, total, newerUrl, olderUrl } = list.pagination;
  const url = `${site.address}${list.path}`;
  const name = list.name ?? site.title;
  const numbered = page !== null && page > 1 ? `${name} (page ${page})` : name;
  const trail = [
    { title: site.title, url: paths.home() },
    { title: name, url: list.path },
  ];
  return {
    title: list.name === null ? numbered : documentTitle(numbered, site),
    path: list.path,
    description: list.description,
    canonicalUrl: url,
    robots: total === 0 ? 'noindex' : null,
    openGraph: {
      type: 'website',
      title: numbered,
      url,
      image: absolute(site, list.image ?? null),
      ...noArticle,
    },
    newerUrl,
    olderUrl,
    structuredData: structuredData(
      list.name === null
        ? [websiteData(site)]
        : [collectionData(site, { url, name }), websiteData(site), breadcrumbData(site, trail)],
    ),
  };
}

/** Search results, and what is shown instead of a page: not for search engines. */
export function presentUnindexedPage(site: SiteView, name: string, path: string | null = null): PageView {
  return {
    title: documentTitle(name, site),
    path,
    description: '',
    canonicalUrl: null,
    robots: 'noindex',
    openGraph: { type: 'website', title: name, url: null, image: null, ...noArticle },
    newerUrl: null,
    olderUrl: null,
    structuredData: null,
  };
}

/** With the blog's name, unless that would make it too long for a tab or a search result to show. */
function documentTitle(name: string, site: SiteView): string {
  const full = `${name} · ${site.title}`;
  return full.length <= 70 ? full : name;
}

/** @param address http(s), or a path of this blog. */
function absolute(site: SiteView, address: string | null): string | null {
  return address === null ? null : (URL.parse(address, site.address)?.href ?? null);
}
