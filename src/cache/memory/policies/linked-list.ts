import type { Evictable } from './policy.ts';

/** An intrusive doubly linked list from oldest to newest that knows the weight of what it holds. */
export class LinkedList<Node extends Evictable<Node>> {
  oldest: Node | undefined;
  newest: Node | undefined;
  weight = 0;

  append(node: Node): void {
    node.older = this.newest;
    node.newer = undefined;
    if (this.newest === undefined) this.oldest = node;
    else this.newest.newer = node;
    this.newest = node;
    this.weight += node.weight;
  }

  remove(node: Node): void {
    if (node.older === undefined) this.oldest = node.newer;
    else node.older.newer = node.newer;
    if (node.newer === undefined) this.newest = node.older;
    else node.newer.older = node.older;
    node.older = undefined;
    node.newer = undefined;
    this.weight -= node.weight;
  }

  moveToNewest(node: Node): void {
    const { older, newer } = node;
    if (newer === undefined) return;
    newer.older = older;
    if (older === undefined) this.oldest = newer;
    else older.newer = newer;
    node.newer = undefined;
    node.older = this.newest;
    if (this.newest !== undefined) this.newest.newer = node;
    this.newest = node;
  }

  replace(previous: Node, next: Node): void {
    next.older = previous.older;
    next.newer = previous.newer;
    if (previous.older === undefined) this.oldest = next;
    else previous.older.newer = next;
    if (previous.newer === undefined) this.newest = next;
    else previous.newer.older = next;
    previous.older = undefined;
    previous.newer = undefined;
    this.weight += next.weight - previous.weight;
  }
}
