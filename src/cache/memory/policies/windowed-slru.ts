import type { FrequencySketch } from '../frequency-sketch.ts';
import { LinkedList } from './linked-list.ts';
import type { Evictable } from './policy.ts';

const WINDOW = 0;
const PROBATION = 1;
const PROTECTED = 2;
/** Share of the main part that is kept for entries that were hit again there. */
const PROTECTED_SHARE = 0.8;

/**
 * The lists of W-TinyLFU: a window by recency, and a main part (segmented LRU) that an entry leaving the window enters
 * only when the sketch says that it is used more often than the one it would push out.
 */
export class WindowedSlru<Node extends Evictable<Node>> {
  private readonly window = new LinkedList<Node>();
  private readonly probation = new LinkedList<Node>();
  private readonly protectedPart = new LinkedList<Node>();
  private readonly sketch: FrequencySketch;
  private readonly budget: number;
  private windowShare: number;
  /** The oldest of the entries that left the window last and haven't been judged. */
  private candidate: Node | undefined;

  constructor(budget: number, windowShare: number, sketch: FrequencySketch) {
    this.budget = budget;
    this.windowShare = windowShare;
    this.sketch = sketch;
  }

  insert(node: Node): void {
    node.segment = WINDOW;
    this.window.append(node);
    this.rebalance();
  }

  touch(node: Node): void {
    if (node.segment === WINDOW) this.window.moveToNewest(node);
    else if (node.segment === PROTECTED) this.protectedPart.moveToNewest(node);
    else this.promote(node);
  }

  replace(previous: Node, next: Node): void {
    next.segment = previous.segment;
    if (this.candidate === previous) this.candidate = next;
    this.listOf(previous).replace(previous, next);
    this.touch(next);
    if (next.weight > previous.weight) this.rebalance();
  }

  remove(node: Node): void {
    if (this.candidate === node) this.candidate = node.newer;
    this.listOf(node).remove(node);
  }

  victim(): Node | undefined {
    const oldest = this.probation.oldest;
    if (oldest === undefined) return this.protectedPart.oldest ?? this.window.oldest;
    const { candidate, sketch } = this;
    if (candidate === undefined || candidate === oldest) return oldest;
    return sketch.frequency(candidate.hash) > sketch.frequency(oldest.hash) ? oldest : candidate;
  }

  /** Gives the window this share of the budget. What it loses moves on at once, what it gains fills as entries come. */
  setWindowShare(share: number): void {
    this.windowShare = share;
    this.rebalance();
  }

  private promote(node: Node): void {
    if (this.candidate === node) this.candidate = node.newer;
    this.probation.remove(node);
    node.segment = PROTECTED;
    this.protectedPart.append(node);
    this.trimProtected();
  }

  private rebalance(): void {
    const limit = this.budget * this.windowShare;
    this.candidate = undefined;
    // One entry stays in any case, so that what just came in is never judged before it had a chance.
    while (this.window.weight > limit && this.window.oldest !== this.window.newest) {
      const node = this.window.oldest;
      if (node === undefined) break;
      this.window.remove(node);
      node.segment = PROBATION;
      this.probation.append(node);
      this.candidate ??= node;
    }
    this.trimProtected();
  }

  private trimProtected(): void {
    const limit = this.budget * (1 - this.windowShare) * PROTECTED_SHARE;
    while (this.protectedPart.weight > limit) {
      const node = this.protectedPart.oldest;
      if (node === undefined) return;
      this.protectedPart.remove(node);
      node.segment = PROBATION;
      this.probation.append(node);
    }
  }

  private listOf(node: Node): LinkedList<Node> {
    if (node.segment === WINDOW) return this.window;
    return node.segment === PROBATION ? this.probation : this.protectedPart;
  }
}
