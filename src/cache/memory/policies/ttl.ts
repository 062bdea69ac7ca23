import { EntryHeap } from './heap.ts';
import type { Evictable, EvictionPolicy } from './policy.ts';

/** Evicts what would be dropped soonest anyway: the entry whose lifetime ends first. */
export class TtlPolicy<Node extends Evictable<Node>> implements EvictionPolicy<Node> {
  private readonly heap = new EntryHeap<Node>((a, b) => a.removeAt < b.removeAt);

  get overheadBytes(): number {
    return 8 * this.heap.size;
  }

  insert(node: Node): void {
    this.heap.push(node);
  }

  touch(): void {
    // A hit changes no lifetime.
  }

  replace(previous: Node, next: Node): void {
    this.heap.remove(previous);
    this.heap.push(next);
  }

  remove(node: Node): void {
    this.heap.remove(node);
  }

  victim(): Node | undefined {
    return this.heap.first();
  }
}
