/**
 * Which cache tags a change of a post touches.
 *
 * `post:ID` is on everything that shows the post. The lists (`posts`, `pages`, `tag:SLUG`, `author:SLUG`) are touched only
 * when the post enters, leaves or moves in them, so that mending a typo leaves other pages of a list cached.
 * `tags` and `authors` are the counts of all, `search` the words of all public posts, `sitemap` every public address.
 * reads.ts is the other side: what a response notes that it was made from.
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
    const hasChanged = wasIn.has(place) !== isIn.has(place);
    if (hasMoved || hasChanged) tags.add(place);
    if (hasChanged && place.startsWith('tag:')) tags.add('tags');
    if (hasChanged && place.startsWith('author:')) tags.add('authors');
  }
  if (before?.status === 'published' || after?.status === 'published') tags.add('sitemap');
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

/** What decides the place in a list; pages have one list for all tags and authors. */
function orderOf(post: Post | null): string | null {
  if (post?.type !== 'page') return post?.publishedAt ?? null;
  return JSON.stringify([post.publishedAt, post.author.slug, post.tags.map((tag) => tag.slug)]);
}

function wordsOf(post: Post | null): string | null {
  if (post?.status !== 'published') return null;
  return JSON.stringify([post.title, post.content, post.tags.map((tag) => tag.name)]);
}
