/**
 * What a response is made from: services note the cache tags of all that they read, and who caches collects them.
 * So tags are exact without any route naming them.
 *
 * `post:ID` something of the post · `slug:SLUG`, `path:PATH` that nothing is at an address, or where it leads · `posts`,
 * `pages`, `tag:SLUG`, `author:SLUG` which posts a list has, in which order · `before:ID` which posts are right before
 * one · `tags`, `authors` the counts of all · `navigation` the names of pages · `search` the words of all posts.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

const collecting = new AsyncLocalStorage<Set<string>>();

/** Runs `work`, adding the tags of everything that it reads. */
export function collectReads<T>(tags: Set<string>, work: () => T): T {
  return collecting.run(tags, work);
}

/** Notes that the result being made depends on this. Costs next to nothing where nobody collects. */
export function dependOn(...tags: string[]): void {
  const collected = collecting.getStore();
  if (!collected) return;
  for (const tag of tags) collected.add(tag);
}
