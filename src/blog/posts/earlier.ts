/**
 * "Earlier in this tag", below a post: exact, and left alone by nearly every change.
 *
 * The posts right before this one are others only when one of them changes, or when a post comes or goes right before it.
 * Whoever writes a post touches the tags of those few that stand right after it: for a new post there are none. Had the
 * page shown the newest of the tag, each publication would change every page of the tag.
 */
import type { Post, PostSummary } from './post.ts';

/** How many are shown, and so how many posts a change before them can reach. */
export const earlierCount = 3;

export interface EarlierPosts {
  /** The tag that they share with the post; null when they share none. */
  tag: Post['tags'][number] | null;
  /** Newest first. */
  posts: PostSummary[];
}

/** Cache tag of which posts are right before this one, of those with a tag or of all. */
export function earlierTag(postId: string, tag: string | null): string {
  return tag === null ? `before:${postId}` : `before:${postId}:${tag}`;
}
