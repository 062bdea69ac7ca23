/** What the reader pages need from the rest of the program. The blog's services fit as they are. */
import type { EarlierPosts } from '../blog/posts/earlier.ts';
import type { Post, PostPage, PostSummary } from '../blog/posts/post.ts';
import type { PostListQuery, PostType } from '../blog/posts/schemas.ts';
import type { Config } from '../config/schema.ts';
import type { Principal } from '../identity/principal.ts';

export interface SitemapEntry {
  slug: string;
  type: PostType;
  /** RFC 3339 */
  updatedAt: string;
}

export interface ArchiveYear {
  year: number;
  months: { month: number; total: number }[];
}

export interface SitePosts {
  list(query: PostListQuery, viewer?: Principal): Promise<PostPage<PostSummary | Post>>;
  /** Throws `post_not_found`. */
  find(idOrSlug: string, viewer?: Principal): Promise<Post>;
  /** The published posts right before this one. */
  earlier(post: Post): Promise<EarlierPosts>;
  /** Published pages, oldest first. */
  navigation(limit: number): Promise<{ title: string; slug: string }[]>;
  /** The current path of an old one, such as `/old-slug/` → `/new-slug/`; null for a path that never was. */
  resolveRedirect(path: string): Promise<string | null>;
  archive(): Promise<ArchiveYear[]>;
  /** What is published, posts and pages. */
  sitemapEntries(): AsyncIterable<SitemapEntry>;
}

export interface SiteTag {
  slug: string;
  name: string;
  description: string | null;
  posts: number;
}

export interface SiteAuthor {
  slug: string;
  name: string;
  bio: string | null;
  image: string | null;
  website: string | null;
  posts: number;
}

export interface SiteTags {
  list(): Promise<SiteTag[]>;
  /** Throws `tag_not_found`. */
  find(slug: string): Promise<SiteTag>;
}

export interface SiteAuthors {
  list(): Promise<SiteAuthor[]>;
  /** Throws `author_not_found`. */
  find(slug: string): Promise<SiteAuthor>;
}

export interface SitePorts {
  config: Pick<Config, 'site'>;
  /** Where the blog is reached, without a final slash. */
  origin: { readonly value: string };
  posts: SitePosts;
  tags: SiteTags;
  authors: SiteAuthors;
}
