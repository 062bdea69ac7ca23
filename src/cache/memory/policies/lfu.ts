import { LinkedList } from './linked-list.ts';
import type { Evictable, EvictionPolicy } from './policy.ts';

/** Past this count one use more or less says nothing; it also bounds the number of lists. */
const MAX_USES = 255;

/**
 * Evicts what was used least often since it came in, the least recently used among equals. Every step is O(1): a list
 * for each count.
 *
 * It never forgets: content that was popular once stays. `tinylfu` is the better choice nearly everywhere.
 */
export class LfuPolicy<Node extends Evictable<Node>> implements EvictionPolicy<Node> {
  readonly overheadBytes = MAX_USES * 48;
  private readonly byUses = Array.from({ length: MAX_USES + 1 }, () => new LinkedList<Node>());
  /** No list below this one holds an entry. */
  private lowest = 1;

  insert(node: Node): void {
    node.uses = 1;
    this.lowest = 1;
    this.listOf(node).append(node);
  }

  touch(node: Node): void {
    this.listOf(node).remove(node);
    if (node.uses < MAX_USES) node.uses += 1;
    this.listOf(node).append(node);
  }

  replace(previous: Node, next: Node): void {
    next.uses = previous.uses;
    this.listOf(previous).replace(previous, next);
    this.touch(next);
  }

  remove(node: Node): void {
    this.listOf(node).remove(node);
  }

  victim(): Node | undefined {
    while (this.lowest < MAX_USES && this.byUses[this.lowest]?.oldest === undefined) this.lowest += 1;
    return this.byUses[this.lowest]?.oldest;
  }

  private listOf(node: Node): LinkedList<Node> {
    const list = this.byUses[node.uses];
    if (list === undefined) throw new RangeError(`no list for ${node.uses} uses`);
    return list;
  }
}
