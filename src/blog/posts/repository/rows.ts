/** How posts are read: which columns, and a post from a row. */
import type { Kysely } from 'kysely';
import type { Tables } from '../../../database/tables.ts';
import type { NamedRef, Post, PostSummary } from '../post.ts';
import type { ContentFormat, PostStatus, PostType } from '../schemas.ts';

/** Everything but the texts, which a list of posts doesn't need and which are most of the bytes. */
export const summaryColumns = [
  'posts.id',
  'posts.type',
  'posts.status',
  'posts.slug',
  'posts.title',
  'posts.format',
  'posts.excerpt',
  'posts.excerpt_is_custom',
  'posts.feature_image',
  'posts.canonical_url',
  'posts.meta_title',
  'posts.meta_description',
  'posts.reading_minutes',
  'posts.version',
  'posts.published_at',
  'posts.sort_at',
  'posts.created_at',
  'posts.updated_at',
  'authors.slug as author_slug',
  'authors.name as author_name',
] as const;

export const textColumns = ['posts.content', 'posts.html'] as const;

export interface SummaryRow {
  id: string;
  type: PostType;
  status: PostStatus;
  slug: string;
  title: string;
  format: ContentFormat;
  excerpt: string;
  excerpt_is_custom: number;
  feature_image: string | null;
  canonical_url: string | null;
  meta_title: string | null;
  meta_description: string | null;
  reading_minutes: number;
  version: number;
  published_at: string | null;
  sort_at: string;
  created_at: string;
  updated_at: string;
  author_slug: string;
  author_name: string;
}

export interface TextRow {
  content: string;
  html: string;
}

export function toSummary(row: SummaryRow, tags: NamedRef[]): PostSummary {
  return {
    id: row.id,
    type: row.type,
    status: row.status,
    slug: row.slug,
    title: row.title,
    format: row.format,
    excerpt: row.excerpt,
    excerptIsCustom: row.excerpt_is_custom === 1,
    tags,
    author: { slug: row.author_slug, name: row.author_name },
    featureImage: row.feature_image,
    canonicalUrl: row.canonical_url,
    metaTitle: row.meta_title,
    metaDescription: row.meta_description,
    readingMinutes: row.reading_minutes,
    version: row.version,
    publishedAt: row.published_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function toPost(row: SummaryRow & TextRow, tags: NamedRef[]): Post {
  return { ...toSummary(row, tags), content: row.content, html: row.html };
}

/** The tags of many posts in one query, each post's in the order in which they were given. */
export async function readTags(
  db: Kysely<Tables>,
  postIds: readonly string[],
): Promise<(id: string) => NamedRef[]> {
  if (postIds.length === 0) return () => [];
  const rows = await db
    .selectFrom('post_tags')
    .innerJoin('tags', 'tags.id', 'post_tags.tag_id')
    .select(['post_tags.post_id', 'tags.slug', 'tags.name'])
    .where('post_tags.post_id', 'in', postIds)
    .orderBy('post_tags.post_id')
    .orderBy('post_tags.position')
    .execute();
  const byPost = Map.groupBy(rows, (row) => row.post_id);
  return (id) => (byPost.get(id) ?? []).map(({ slug, name }) => ({ slug, name }));
}
