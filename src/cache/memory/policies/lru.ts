import { LinkedList } from './linked-list.ts';
import type { Evictable, EvictionPolicy } from './policy.ts';

/** Evicts what was used least recently. */
export class LruPolicy<Node extends Evictable<Node>> implements EvictionPolicy<Node> {
  readonly overheadBytes = 0;
  private readonly list = new LinkedList<Node>();

  insert(node: Node): void {
    this.list.append(node);
  }

  touch(node: Node): void {
    this.list.moveToNewest(node);
  }

  replace(previous: Node, next: Node): void {
    this.list.replace(previous, next);
    this.list.moveToNewest(next);
  }

  remove(node: Node): void {
    this.list.remove(node);
  }

  victim(): Node | undefined {
    return this.list.oldest;
  }
}
