/** What the three feeds have in common. */
import type { Post } from '../../blog/posts/post.ts';
import { paths } from '../address.ts';
import { absoluteAddresses } from '../html/absolute.ts';
import { publishedAt } from '../presenters/posts.ts';
import type { SiteView } from '../presenters/site.ts';
import { withoutIllegalCharacters } from './xml.ts';

/** How many of the newest posts a feed has. */
export const feedSize = 20;

export interface FeedItem {
  /** `urn:uuid:…`: stays when the slug changes, so that readers don't show a renamed post as a new one. */
  id: string;
  title: string;
  /** Absolute, as all addresses here. */
  url: string;
  /** Where the post was published first, when not here. */
  externalUrl: string | null;
  html: string;
  summary: string;
  image: string | null;
  author: { name: string; url: string };
  tags: string[];
  publishedAt: string;
  updatedAt: string;
}

export interface Feed {
  title: string;
  description: string;
  language: string;
  homeUrl: string;
  /** Of the feed itself. */
  url: string;
  /** When the newest change was; the epoch for a blog without posts. */
  updatedAt: string;
  items: FeedItem[];
}

export function makeFeed(site: SiteView, path: string, posts: readonly Post[]): Feed {
  const items = posts.map((post) => makeItem(site, post));
  return {
    title: site.title,
    description: site.description === '' ? site.title : site.description,
    language: site.language,
    homeUrl: `${site.address}/`,
    url: `${site.address}${path}`,
    updatedAt:
      items
        .map((item) => item.updatedAt)
        .sort()
        .at(-1) ?? new Date(0).toISOString(),
    items,
  };
}

function makeItem(site: SiteView, post: Post): FeedItem {
  const url = `${site.address}${paths.post(post.slug)}`;
  return {
    id: `urn:uuid:${post.id}`,
    title: post.title,
    url,
    externalUrl: absolute(post.canonicalUrl, url),
    html: withoutIllegalCharacters(absoluteAddresses(post.html, url)),
    summary: post.excerpt,
    image: absolute(post.featureImage, url),
    author: { name: post.author.name, url: `${site.address}${paths.author(post.author.slug)}` },
    tags: post.tags.map((tag) => tag.name),
    publishedAt: publishedAt(post),
    updatedAt: post.updatedAt,
  };
}

function absolute(address: string | null, base: string): string | null {
  return address === null ? null : (URL.parse(address, base)?.href ?? null);
}
