/**
 * Which cache tags a change of a post touches.
 *
 * `post:ID` is on everything that shows the post. The lists (`posts`, `pages`, `tag:SLUG`, `author:SLUG`) are touched only
 * when the post enters, leaves or moves in them, so that mending a typo leaves other pages of a list cached.
 * `tags` and `authors` are the counts of all, `search` the words of all posts, `sitemap` every public address,
 * `navigation` the names of the pages that every page links to.
 * reads.ts is the other side: what a response notes that it was made from.
 */
import type { Post } from './post.ts';

export function affectedTags(before: Post | null, after: Post | null): string[] {
  const known = after ?? before;
  if (!known) return [];
  const tags = new Set([`post:${known.id}`, ...addressTags(before, after), ...placeTags(before, after)]);
  if (isPublic(before) || isPublic(after)) tags.add('sitemap');
  if (linkOf(before) !== linkOf(after)) tags.add('navigation');
  if (wordsOf(before) !== wordsOf(after)) tags.add('search');
  return [...tags];
}

/** A place in the order of all posts, or of those with a tag. */
export interface TimePosition {
  /** Slug of the tag; null for all posts. */
  tag: string | null;
  sortAt: string;
  id: string;
}

/** Where in the order by time a post was that it isn't any more, and where it is that it wasn't. */
export function movesOf(before: Post | null, after: Post | null): TimePosition[] {
  const was = positionsOf(before);
  const is = positionsOf(after);
  return [
    ...was.filter((position) => !is.some((other) => isSame(position, other))),
    ...is.filter((position) => !was.some((other) => isSame(position, other))),
  ];
}

function positionsOf(post: Post | null): TimePosition[] {
  if (!isPublic(post) || post.type !== 'post') return [];
  const sortAt = post.publishedAt ?? post.createdAt;
  return [null, ...post.tags.map((tag) => tag.slug)].map((tag) => ({ tag, sortAt, id: post.id }));
}

function isSame(one: TimePosition, other: TimePosition): boolean {
  return one.tag === other.tag && one.sortAt === other.sortAt;
}

function isPublic(post: Post | null): post is Post {
  return post?.status === 'published';
}

/** An address that begins or ceases to lead somewhere, cached perhaps as a 404 or a redirect. */
function addressTags(before: Post | null, after: Post | null): string[] {
  const shown = [before, after].map((post) => (isPublic(post) ? post.slug : null));
  const slugs = shown[0] === shown[1] ? [] : shown.filter((slug) => slug !== null);
  // A draft takes its address too: a redirect from there ends.
  const taken = after && before?.slug !== after.slug ? [`path:/${after.slug}/`] : [];
  return [...slugs.map((slug) => `slug:${slug}`), ...taken];
}

function placeTags(before: Post | null, after: Post | null): string[] {
  const wasIn = placesOf(before);
  const isIn = placesOf(after);
  const hasMoved = orderOf(before) !== orderOf(after);
  return [...wasIn.union(isIn)].flatMap((place) => {
    const hasChanged = wasIn.has(place) !== isIn.has(place);
    if (!hasChanged) return hasMoved ? [place] : [];
    if (place.startsWith('tag:')) return [place, 'tags'];
    return place.startsWith('author:') ? [place, 'authors'] : [place];
  });
}

function placesOf(post: Post | null): ReadonlySet<string> {
  if (!isPublic(post)) return new Set();
  if (post.type === 'page') return new Set(['pages']);
  return new Set(['posts', `author:${post.author.slug}`, ...post.tags.map((tag) => `tag:${tag.slug}`)]);
}

/** What decides the place in a list; pages have one list for all tags and authors. */
function orderOf(post: Post | null): string | null {
  if (post?.type !== 'page') return post?.publishedAt ?? null;
  return JSON.stringify([post.publishedAt, post.author.slug, post.tags.map((tag) => tag.slug)]);
}

function linkOf(post: Post | null): string | null {
  if (!isPublic(post) || post.type !== 'page') return null;
  return JSON.stringify([post.title, post.slug, post.publishedAt]);
}

/** What the search index has of a post. Drafts count too: how rare a word is decides the order of what is found. */
function wordsOf(post: Post | null): string | null {
  if (!post) return null;
  const { title, content, format, type } = post;
  return JSON.stringify([isPublic(post), type, title, content, format, post.tags]);
}
