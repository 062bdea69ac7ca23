/** What an imported post is to be here, and whether it is so already. */
import { createHash } from 'node:crypto';
import { validate as isUuid, v7 as uuidv7 } from 'uuid';
import { isSlug, slugify } from '../../content/slug.ts';
import type { ImportedPost, Post } from './post.ts';
import { decidePublication, normalizeInstant } from './publication.ts';
import { isReservedSlug } from './reserved-slugs.ts';
import type { PostState, SlugWish } from './state.ts';

/** The source that an export gives to a post that was written here: `broadsheet:ID`. */
const ownPrefix = 'broadsheet:';

/** The id of a post that comes from an export of this program; null for one from elsewhere. */
export function ownIdOf(item: ImportedPost): string | null {
  const id = item.source.startsWith(ownPrefix) ? item.source.slice(ownPrefix.length) : '';
  return isUuid(id) ? id : null;
}

/** SHA-256 of everything that the item says, hex. */
export function digestOf(item: ImportedPost): string {
  return createHash('sha256').update(JSON.stringify(item)).digest('hex');
}

/** @param now RFC 3339 UTC */
export function importedState(item: ImportedPost, before: Post | null, now: string): PostState {
  const createdAt = before?.createdAt ?? toInstant(item.createdAt) ?? toInstant(item.publishedAt) ?? now;
  const ownId = ownIdOf(item);
  return {
    id: before?.id ?? ownId ?? uuidv7(),
    type: item.type,
    title: item.title.trim(),
    content: item.content,
    format: item.format,
    customExcerpt: item.excerpt?.trim() || null,
    slug: slugOf(item, before),
    tags: tagsOf(item),
    author: authorOf(item),
    featureImage: item.featureImage ?? null,
    canonicalUrl: item.canonicalUrl ?? null,
    metaTitle: item.metaTitle ?? null,
    metaDescription: item.metaDescription ?? null,
    ...publicationOf(item, now),
    createdAt,
    updatedAt: toInstant(item.updatedAt) ?? (before ? now : createdAt),
    version: (before?.version ?? 0) + 1,
    source: ownId === null ? item.source : null,
    sourceDigest: digestOf(item),
  };
}

/** Whether storing the state would change what a reader or writer sees. */
export function isSameAs(post: Post, state: PostState): boolean {
  const hasSameTags =
    JSON.stringify(post.tags.map((tag) => tag.slug)) === JSON.stringify(state.tags.map((tag) => tag.slug));
  return (
    hasSameTags &&
    post.slug === state.slug.slug &&
    (post.excerptIsCustom ? post.excerpt : null) === state.customExcerpt &&
    (state.author === null || state.author.slug === post.author.slug) &&
    comparedFields.every((field) => post[field] === state[field])
  );
}

const comparedFields = [
  'type',
  'title',
  'content',
  'format',
  'status',
  'publishedAt',
  'featureImage',
  'canonicalUrl',
  'metaTitle',
  'metaDescription',
] as const;

/** A post keeps its address unless the source names another one. */
function slugOf(item: ImportedPost, before: Post | null): SlugWish {
  const wished = usableSlug(item.slug ?? '') ?? (before ? null : usableSlug(slugify(item.title)));
  if (!before) return { kind: 'preferred', slug: wished ?? `${item.type}-${slugify(item.title)}` };
  // It has the wished one, or got a number behind it because another post was first.
  const isKept = wished === null || before.slug === wished || hasNumberBehind(before.slug, wished);
  return isKept ? { kind: 'keep', slug: before.slug } : { kind: 'preferred', slug: wished };
}

function hasNumberBehind(slug: string, base: string): boolean {
  return slug.startsWith(base) && /^-\d+$/.test(slug.slice(base.length));
}

function usableSlug(slug: string): string | null {
  const candidate = isSlug(slug) ? slug : slugify(slug);
  return candidate === '' || isReservedSlug(candidate) ? null : candidate;
}

function tagsOf(item: ImportedPost): PostState['tags'] {
  const tags = item.tags.map((tag) => ({ ...tag, slug: slugFor(tag) })).filter((tag) => tag.slug !== '');
  return tags.filter((tag, index) => tags.findIndex((other) => other.slug === tag.slug) === index);
}

function authorOf({ author }: ImportedPost): PostState['author'] {
  const slug = author ? slugFor(author) : '';
  return author && slug !== '' ? { ...author, slug } : null;
}

function slugFor({ slug, name }: { slug?: string; name: string }): string {
  return slug !== undefined && isSlug(slug) ? slug : slugify(slug ?? name) || slugify(name);
}

/** Other systems call a post scheduled that is out by now. */
function publicationOf(item: ImportedPost, now: string): Pick<PostState, 'status' | 'publishedAt'> {
  const status = item.status === 'scheduled' ? 'published' : item.status;
  const publishedAt = item.publishedAt ?? (status === 'published' ? item.createdAt : undefined);
  return decidePublication({ status, publishedAt }, null, now);
}

function toInstant(text: string | undefined): string | null {
  return text === undefined ? null : normalizeInstant(text, '/date');
}
