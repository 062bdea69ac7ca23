/** Has the cache filled again after a change, before readers come. */

import { anonymous } from '../identity/principal.ts';
import type { Task } from '../jobs/task.ts';
import type { LoggedChange } from './posts/repository/unit.ts';
import type { PostService } from './posts/service.ts';

export const warmTask = 'warm-cache';

/** What almost every change of a public post shows on. */
const commonAddresses = ['/', '/posts', '/rss.xml', '/atom.xml', '/feed.json'];

const firstDelayMs = 100;
const pauseMs = 1000;
/** An import or a storm of writes is not worth warming each post of. */
const maxPosts = 10;

/** Gathers changed posts and passes them on together: soon after a pause, and once a second at most. */
export class ChangedPosts {
  readonly #pass: (ids: string[]) => void;
  readonly #ids = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #passedAt = Number.NEGATIVE_INFINITY;

  constructor(pass: (ids: string[]) => void) {
    this.#pass = pass;
  }

  note(changes: readonly LoggedChange[]): void {
    for (const tag of changes.flatMap((change) => change.tags)) {
      if (!tag.startsWith('post:')) continue;
      const id = tag.slice('post:'.length);
      // Again at the end: the newest are kept.
      this.#ids.delete(id);
      this.#ids.add(id);
    }
    if (this.#ids.size === 0 || this.#timer) return;
    const delayMs = Math.max(firstDelayMs, this.#passedAt + pauseMs - performance.now());
    this.#timer = setTimeout(() => this.#passOn(), delayMs);
    this.#timer.unref();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#ids.clear();
  }

  #passOn(): void {
    this.#timer = undefined;
    this.#passedAt = performance.now();
    const ids = [...this.#ids].slice(-maxPosts);
    this.#ids.clear();
    this.#pass(ids);
  }
}

export interface WarmingOptions {
  posts: Pick<PostService, 'find'>;
  /** Asks for an address of the blog as anybody would, and leaves the answer in the cache. */
  visit(address: string): Promise<void>;
  /** Has this node know of every change, so that it doesn't find the answers of before in its memory. */
  catchUp(): Promise<void>;
}

export function warmingTask({ posts, visit, catchUp }: WarmingOptions): Task {
  return {
    name: warmTask,
    // Later, readers have filled the cache themselves.
    maxAttempts: 2,
    async run({ payload, signal }) {
      await catchUp();
      const addresses = [...commonAddresses];
      for (const id of postsOf(payload)) {
        const post = await posts.find(id, anonymous).catch(() => null);
        if (post) addresses.push(`/${post.slug}/`, `/posts/${post.slug}`);
      }
      for (const address of addresses) {
        signal.throwIfAborted();
        await visit(address);
      }
    },
  };
}

function postsOf(payload: unknown): string[] {
  if (typeof payload !== 'object' || payload === null || !('posts' in payload)) return [];
  return Array.isArray(payload.posts) ? payload.posts.map(String) : [];
}
