/**
 * Which cache tags a change of a post touches.
 *
 * `post:ID` is on everything that shows the post. The lists (`posts`, `pages`, `tag:SLUG`, `author:SLUG`) are touched only
 * when the post enters, leaves or moves in them, so that mending a typo leaves other pages of a list cached.
 * `search` is touched when the words of a public post change.
 */
import type { Post } from './post.ts';

export function affectedTags(before: Post | null, after: Post | null): string[] {
  const known = after ?? before;
  if (!known) return [];
  const tags = new Set([`post:${known.id}`, ...slugTags(before, after)]);
  const wasIn = placesOf(before);
  const isIn = placesOf(after);
  const hasMoved = orderOf(before) !== orderOf(after);
  for (const place of new Set([...wasIn, ...isIn])) {
    if (hasMoved || !wasIn.has(place) || !isIn.has(place)) tags.add(place);
  }
  if (wordsOf(before) !== wordsOf(after)) tags.add('search');
  return [...tags];
}

/** An address that begins or ceases to lead here, cached perhaps as a 404 or a redirect. */
function slugTags(before: Post | null, after: Post | null): string[] {
  const shown = [before, after].map((post) => (post?.status === 'published' ? post.slug : null));
  return shown[0] === shown[1] ? [] : shown.flatMap((slug) => (slug === null ? [] : [`slug:${slug}`]));
}

function placesOf(post: Post | null): ReadonlySet<string> {
  if (post?.status !== 'published') return new Set();
  if (post.type === 'page') return new Set(['pages']);
  return new Set(['posts', `author:${post.author.slug}`, ...post.tags.map((tag) => `tag:${tag.slug}`)]);
}

function orderOf(post: Post | null): string | null {
  return post?.publishedAt ?? null;
}

function wordsOf(post: Post | null): string | null {
  if (post?.status !== 'published') return null;
  return JSON.stringify([post.title, post.content, post.tags.map((tag) => tag.name)]);
}
