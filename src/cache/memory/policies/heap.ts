import type { Evictable } from './policy.ts';

/**
 * A binary min-heap of entries; each knows its place (`segment`), so any can be removed in O(log n).
 * Shared by the policies that evict by an order other than recency.
 */
export class EntryHeap<Node extends Evictable<Node>> {
  private readonly nodes: Node[] = [];
  private readonly isBefore: (a: Node, b: Node) => boolean;

  constructor(isBefore: (a: Node, b: Node) => boolean) {
    this.isBefore = isBefore;
  }

  get size(): number {
    return this.nodes.length;
  }

  first(): Node | undefined {
    return this.nodes[0];
  }

  push(node: Node): void {
    node.segment = this.nodes.length;
    this.nodes.push(node);
    this.rise(node);
  }

  remove(node: Node): void {
    const last = this.nodes.pop();
    if (last === undefined || last === node) return;
    last.segment = node.segment;
    this.nodes[last.segment] = last;
    this.update(last);
  }

  /** Puts an entry where it belongs after its order changed. */
  update(node: Node): void {
    this.rise(node);
    this.sink(node);
  }

  private rise(node: Node): void {
    let place = node.segment;
    while (place > 0) {
      const parent = this.nodes[(place - 1) >> 1];
      if (parent === undefined || !this.isBefore(node, parent)) break;
      this.place(parent, place);
      place = (place - 1) >> 1;
    }
    this.place(node, place);
  }

  private sink(node: Node): void {
    let place = node.segment;
    for (;;) {
      const child = this.earlierChild(place);
      if (child === undefined || !this.isBefore(child, node)) break;
      const next = child.segment;
      this.place(child, place);
      place = next;
    }
    this.place(node, place);
  }

  private earlierChild(place: number): Node | undefined {
    const left = this.nodes[2 * place + 1];
    const right = this.nodes[2 * place + 2];
    return left !== undefined && right !== undefined && this.isBefore(right, left) ? right : left;
  }

  private place(node: Node, place: number): void {
    this.nodes[place] = node;
    node.segment = place;
  }
}
