/** A post as it is to be: the current one with a request laid over it, before names become rows. */

import { toNamedRef, toTagRefs } from './input.ts';
import type { ImportedPost, NamedRef, Post } from './post.ts';
import { decidePublication } from './publication.ts';
import type { ContentFormat, PostCreate, PostPatch, PostStatus, PostType } from './schemas.ts';

export interface PostState {
  id: string;
  type: PostType;
  title: string;
  content: string;
  format: ContentFormat;
  /** Null: made from the content. */
  customExcerpt: string | null;
  slug: SlugWish;
  tags: { slug: string; name: string; description?: string }[];
  /** Null: the default author. */
  author: (NonNullable<ImportedPost['author']> & { slug: string }) | null;
  featureImage: string | null;
  canonicalUrl: string | null;
  metaTitle: string | null;
  metaDescription: string | null;
  status: PostStatus;
  publishedAt: string | null;
  createdAt: string;
  updatedAt: string;
  version: number;
  source: string | null;
  sourceDigest: string | null;
}

export type SlugWish =
  /** Must be exactly this one; a conflict when it is taken. */
  | { kind: 'exact'; slug: string }
  /** This one, or with a number behind it. */
  | { kind: 'preferred'; slug: string }
  | { kind: 'keep'; slug: string };

export function newState(
  input: PostCreate,
  id: string,
  defaultAuthor: NamedRef | null,
  now: string,
): PostState {
  return {
    id,
    type: input.type ?? 'post',
    title: input.title.trim(),
    content: input.content,
    format: input.format ?? 'markdown',
    customExcerpt: input.excerpt?.trim() || null,
    slug:
      input.slug === undefined
        ? { kind: 'preferred', slug: input.title }
        : { kind: 'exact', slug: input.slug },
    tags: toTagRefs(input.tags ?? []),
    author: input.author === undefined ? defaultAuthor : toNamedRef(input.author),
    featureImage: input.featureImage ?? null,
    canonicalUrl: input.canonicalUrl ?? null,
    metaTitle: input.metaTitle ?? null,
    metaDescription: input.metaDescription ?? null,
    ...decidePublication(input, null, now),
    createdAt: now,
    updatedAt: now,
    version: 1,
    source: null,
    sourceDigest: null,
  };
}

/** Lays a patch over a post: what it doesn't name stays. */
export function patchedState(current: Post, patch: PostPatch, now: string): PostState {
  const given = <Key extends keyof PostPatch & keyof Post>(key: Key): Post[Key] | PostPatch[Key] =>
    patch[key] === undefined ? current[key] : patch[key];
  return {
    id: current.id,
    type: patch.type ?? current.type,
    title: (patch.title ?? current.title).trim(),
    content: patch.content ?? current.content,
    format: patch.format ?? current.format,
    customExcerpt: patchedExcerpt(current, patch),
    slug:
      patch.slug === undefined ? { kind: 'keep', slug: current.slug } : { kind: 'exact', slug: patch.slug },
    tags: patch.tags === undefined ? current.tags : toTagRefs(patch.tags),
    author: patch.author === undefined ? current.author : toNamedRef(patch.author),
    featureImage: given('featureImage') ?? null,
    canonicalUrl: given('canonicalUrl') ?? null,
    metaTitle: given('metaTitle') ?? null,
    metaDescription: given('metaDescription') ?? null,
    ...decidePublication(patch, current, now),
    createdAt: current.createdAt,
    updatedAt: now,
    version: current.version + 1,
    source: null,
    sourceDigest: null,
  };
}

/** Replacing: what the request doesn't name goes back to its default; address, author and dates stay. */
export function replacement(input: PostCreate): PostPatch {
  return {
    format: 'markdown',
    type: 'post',
    excerpt: null,
    tags: [],
    featureImage: null,
    canonicalUrl: null,
    metaTitle: null,
    metaDescription: null,
    status: 'published',
    ...input,
  };
}

function patchedExcerpt(current: Post, patch: PostPatch): string | null {
  if (patch.excerpt !== undefined) return patch.excerpt?.trim() || null;
  return current.excerptIsCustom ? current.excerpt : null;
}
