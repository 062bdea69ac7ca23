/** Stores a post with all that has to change together: tags, author, slug, totals, search, redirects, revision, change log. */

import type { RenderedContent } from '../../content/renderer.ts';
import { slugify } from '../../content/slug.ts';
import { BroadsheetError } from '../../errors.ts';
import { affectedTags, movesOf } from './affected-tags.ts';
import { earlierCount, earlierTag } from './earlier.ts';
import type { Post } from './post.ts';
import { publishJob } from './publication.ts';
import type { Entity, PostUnit, StoredRelations } from './repository/unit.ts';
import { isReservedSlug } from './reserved-slugs.ts';
import { toSnapshot } from './revision.ts';
import type { PostState } from './state.ts';

/** The author of posts that name none, in a blog that has none yet. */
export interface DefaultAuthor {
  slug: string;
  name: string;
}

export interface StoreRequest {
  before: Post | null;
  state: PostState;
  rendered: RenderedContent;
  defaultAuthor: DefaultAuthor;
  /** Paths that are to lead to the post. */
  redirectFrom?: readonly string[];
}

export async function storePost(
  unit: PostUnit,
  { before, state, rendered, defaultAuthor, redirectFrom = [] }: StoreRequest,
): Promise<Post> {
  const author = await unit.ensureAuthor(state.author ?? defaultAuthor);
  const tags: Entity[] = [];
  for (const tag of state.tags) tags.push(await unit.ensureTag(tag));
  const slug = await chooseSlug(unit, state);
  const relations = before ? await unit.relations(before.id) : null;
  const post = toPost(state, { slug, author, tags, rendered });
  const record = { row: toRow(post, author.id, state, relations), tags, text: rendered.text };
  if (relations) await unit.update(record, relations.countable);
  else await unit.insert(record);
  await keepAddress(unit, before, post);
  await unit.addRevision(post.id, post.version, post.title, toSnapshot(post), post.updatedAt);
  const oldPaths = redirectFrom.filter((path) => path !== pathOf(slug));
  for (const path of oldPaths) await unit.addRedirect(path, post.id, post.updatedAt);
  if (post.status === 'scheduled' && post.publishedAt !== null) {
    await unit.planJob(publishJob(post.id, post.publishedAt));
  }
  const kind = before ? 'post.updated' : 'post.created';
  const touched = [...(await touchedTags(unit, before, post)), ...oldPaths.map((path) => `path:${path}`)];
  await unit.appendChange({ kind, subjectId: post.id, tags: touched, at: post.updatedAt });
  return post;
}

export async function removePost(unit: PostUnit, post: Post, now: string): Promise<void> {
  const { countable } = await unit.relations(post.id);
  const tags = await touchedTags(unit, post, null);
  await unit.delete(post.id, countable);
  await unit.appendChange({ kind: 'post.deleted', subjectId: post.id, tags, at: now });
}

/** @param now RFC 3339 UTC @returns the post as it is now; null when it is not due any more. */
export async function publishScheduled(unit: PostUnit, id: string, now: string): Promise<Post | null> {
  const before = await unit.findById(id);
  if (before?.status !== 'scheduled' || before.publishedAt === null || before.publishedAt > now) return null;
  const { countable } = await unit.relations(id);
  await unit.publish(id, countable, now);
  const after: Post = { ...before, status: 'published', version: before.version + 1, updatedAt: now };
  await keepAddress(unit, before, after);
  await unit.addRevision(id, after.version, after.title, toSnapshot(after), now);
  const tags = await touchedTags(unit, before, after);
  await unit.appendChange({ kind: 'post.published', subjectId: id, tags, at: now });
  return after;
}

/** The cache tags of all that was made from what changes, in the transaction that changes it. */
async function touchedTags(unit: PostUnit, before: Post | null, after: Post | null): Promise<string[]> {
  const neighbours = await unit.newerThan(movesOf(before, after), earlierCount);
  const known = before ?? after;
  const hasAppeared = (before?.status === 'published') !== (after?.status === 'published');
  const oldPaths = known && hasAppeared ? await unit.redirectPaths(known.id) : [];
  return [
    ...affectedTags(before, after),
    ...neighbours.map(({ id, tag }) => earlierTag(id, tag)),
    ...oldPaths.map((path) => `path:${path}`),
  ];
}

/** @throws UniqueViolation later, from the database, when an exact slug is taken */
async function chooseSlug(unit: PostUnit, { slug: wish, type, title }: PostState): Promise<string> {
  if (wish.kind !== 'preferred') return wish.slug;
  const base = slugify(wish.slug) || slugify(title) || type;
  return unit.freeSlug(base, isReservedSlug);
}

/** The old address of a post that was public goes on to lead to it; its new one leads nowhere else once it is public. */
async function keepAddress(unit: PostUnit, before: Post | null, after: Post): Promise<void> {
  const [was, is] = [publicSlug(before), publicSlug(after)];
  if (is !== null && is !== was) await unit.removeRedirect(pathOf(is));
  if (was !== null && was !== after.slug) await unit.addRedirect(pathOf(was), after.id, after.updatedAt);
}

function publicSlug(post: Post | null): string | null {
  return post?.status === 'published' ? post.slug : null;
}

export function pathOf(slug: string): string {
  return `/${slug}/`;
}

interface Resolved {
  slug: string;
  author: Entity;
  tags: Entity[];
  rendered: RenderedContent;
}

function toPost(state: PostState, { slug, author, tags, rendered }: Resolved): Post {
  return {
    id: state.id,
    type: state.type,
    status: state.status,
    slug,
    title: state.title,
    excerpt: state.customExcerpt ?? rendered.excerpt,
    excerptIsCustom: state.customExcerpt !== null,
    content: state.content,
    format: state.format,
    html: rendered.html,
    tags: tags.map(({ slug: tagSlug, name }) => ({ slug: tagSlug, name })),
    author: { slug: author.slug, name: author.name },
    featureImage: state.featureImage,
    canonicalUrl: state.canonicalUrl,
    metaTitle: state.metaTitle,
    metaDescription: state.metaDescription,
    readingMinutes: rendered.readingMinutes,
    version: state.version,
    publishedAt: state.publishedAt,
    createdAt: state.createdAt,
    updatedAt: state.updatedAt,
  };
}

function toRow(post: Post, authorId: string, state: PostState, relations: StoredRelations | null) {
  return {
    id: post.id,
    type: post.type,
    status: post.status,
    slug: post.slug,
    title: post.title,
    format: post.format,
    excerpt: post.excerpt,
    excerpt_is_custom: post.excerptIsCustom ? 1 : 0,
    author_id: authorId,
    feature_image: post.featureImage,
    canonical_url: post.canonicalUrl,
    meta_title: post.metaTitle,
    meta_description: post.metaDescription,
    reading_minutes: post.readingMinutes,
    version: post.version,
    published_at: post.publishedAt,
    sort_at: post.publishedAt ?? post.createdAt,
    created_at: post.createdAt,
    updated_at: post.updatedAt,
    source: state.source ?? relations?.source ?? null,
    source_digest: state.sourceDigest ?? relations?.sourceDigest ?? null,
    content: post.content,
    html: post.html,
  };
}

/** @throws BroadsheetError `version_conflict` */
export function requireVersion(post: Post, allowed: readonly number[] | undefined): void {
  if (allowed === undefined || allowed.includes(post.version)) return;
  throw new BroadsheetError(
    'version_conflict',
    `The post is at version ${post.version} by now. Read it again, merge your change, and send that with the new ETag.`,
  );
}
