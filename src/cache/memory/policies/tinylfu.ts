import { FrequencySketch } from '../frequency-sketch.ts';
import type { Evictable, EvictionPolicy } from './policy.ts';
import { WindowContest } from './window-contest.ts';
import { WindowedSlru } from './windowed-slru.ts';

/**
 * W-TinyLFU with an adaptive window: recency decides where recency is what counts, frequency where that does, and a scan
 * passes through without washing out what is popular.
 */
export class TinyLfuPolicy<Node extends Evictable<Node>> implements EvictionPolicy<Node> {
  private readonly sketch = new FrequencySketch();
  private readonly contest: WindowContest;
  private readonly lists: WindowedSlru<Node>;
  private entries = 0;

  /**
   * @param budget of the tier, in the unit of the entries' weights (bytes)
   * @param maxShadowBytes that finding the best window may cost
   */
  constructor(budget: number, maxShadowBytes = Number.POSITIVE_INFINITY) {
    this.contest = new WindowContest(budget, this.sketch, maxShadowBytes);
    this.lists = new WindowedSlru(budget, this.contest.share, this.sketch);
  }

  get overheadBytes(): number {
    return this.sketch.bytes + this.contest.overheadBytes;
  }

  /** Share of the budget that is governed by recency, 0 to 1. */
  get windowShare(): number {
    return this.contest.share;
  }

  insert(node: Node): void {
    this.entries += 1;
    this.sketch.ensureCapacity(this.entries);
    this.count(node);
    this.lists.insert(node);
  }

  touch(node: Node): void {
    this.count(node);
    this.lists.touch(node);
  }

  replace(previous: Node, next: Node): void {
    this.count(next);
    this.lists.replace(previous, next);
  }

  remove(node: Node): void {
    this.entries -= 1;
    this.lists.remove(node);
  }

  victim(): Node | undefined {
    this.contest.noteEviction(this.entries);
    return this.lists.victim();
  }

  private count(node: Node): void {
    this.sketch.increment(node.hash);
    if (this.contest.isAwake && this.contest.observe(node.hash, node.weight)) {
      this.lists.setWindowShare(this.contest.share);
    }
  }
}
