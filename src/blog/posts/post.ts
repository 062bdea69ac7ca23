/** A post as the program handles it; schemas.ts has what goes over the wire. */
import type { ContentFormat, PostStatus, PostType } from './schemas.ts';

export interface NamedRef {
  slug: string;
  name: string;
}

export interface PostSummary {
  id: string;
  type: PostType;
  status: PostStatus;
  slug: string;
  title: string;
  excerpt: string;
  excerptIsCustom: boolean;
  format: ContentFormat;
  tags: NamedRef[];
  author: NamedRef;
  featureImage: string | null;
  canonicalUrl: string | null;
  metaTitle: string | null;
  metaDescription: string | null;
  readingMinutes: number;
  version: number;
  /** RFC 3339 UTC with milliseconds, like the other times; null for a draft that never was published. */
  publishedAt: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface Post extends PostSummary {
  content: string;
  html: string;
}

export interface PostPage<Item extends PostSummary = PostSummary> {
  posts: Item[];
  /** How many match in all; for a search, counted up to 10,000, of common words up to 1,000. */
  total: number;
  limit: number;
  offset: number;
  /** Cursor of the next page; null on the last. */
  next: string | null;
}

/** A post from another system. `source` names it there, so that importing again finds the same post. */
export interface ImportedPost {
  /** Such as `markdown:2024/hello.md`, `wordpress:GUID`, `ghost:ID`. */
  source: string;
  type: PostType;
  status: PostStatus;
  title: string;
  content: string;
  format: ContentFormat;
  /** Wished for; made unique, or made from the title when absent. */
  slug?: string;
  excerpt?: string;
  publishedAt?: string;
  createdAt?: string;
  updatedAt?: string;
  tags: { name: string; slug?: string; description?: string }[];
  author?: { name: string; slug?: string; bio?: string; image?: string; website?: string };
  featureImage?: string;
  canonicalUrl?: string;
  metaTitle?: string;
  metaDescription?: string;
  /** Paths on this site, such as `/2024/01/hello/`, that are to redirect to the post. */
  redirectFrom: string[];
}

export type ImportOutcome =
  | { source: string; result: 'created' | 'updated' | 'unchanged'; slug: string }
  | { source: string; result: 'failed'; reason: string };
