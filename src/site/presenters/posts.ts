/** Posts as templates get them. */
import type { NamedRef, Post, PostSummary } from '../../blog/posts/post.ts';
import { paths } from '../address.ts';
import { closeHeadingGaps } from '../html/prose.ts';
import { type DateView, presentDate } from './dates.ts';

export interface NamedLink {
  name: string;
  url: string;
}

export interface PostCardView {
  title: string;
  /** Path of the page. */
  url: string;
  /** Plain text. */
  excerpt: string;
  author: NamedLink;
  tags: NamedLink[];
  featureImage: string | null;
  readingMinutes: number;
  date: DateView;
}

export interface PostView extends PostCardView {
  /** Ready for the page; print it with `| raw`. */
  html: string;
  /** Whether a person wrote the excerpt: only then it is worth showing above the text that it sums up. */
  excerptIsCustom: boolean;
  /** Set when the post changed on a later day than it was published. */
  updated: DateView | null;
}

export function presentPostCard(post: PostSummary): PostCardView {
  return {
    title: post.title,
    url: paths.post(post.slug),
    excerpt: post.excerpt,
    author: presentAuthorLink(post.author),
    tags: post.tags.map(({ name, slug }) => ({ name, url: paths.tag(slug) })),
    featureImage: post.featureImage,
    readingMinutes: post.readingMinutes,
    date: presentDate(publishedAt(post)),
  };
}

export function presentPost(post: Post): PostView {
  const updatedLater = post.updatedAt.slice(0, 10) > publishedAt(post).slice(0, 10);
  return {
    ...presentPostCard(post),
    html: closeHeadingGaps(post.html),
    excerptIsCustom: post.excerptIsCustom,
    updated: updatedLater ? presentDate(post.updatedAt) : null,
  };
}

/** What is published has the time; the creation stands in for rows of old imports without one. */
export function publishedAt(post: PostSummary): string {
  return post.publishedAt ?? post.createdAt;
}

function presentAuthorLink({ name, slug }: NamedRef): NamedLink {
  return { name, url: paths.author(slug) };
}
