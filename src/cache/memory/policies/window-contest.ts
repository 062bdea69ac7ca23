import type { FrequencySketch } from '../frequency-sketch.ts';
import type { Evictable } from './policy.ts';
import { WindowedSlru } from './windowed-slru.ts';

/** The window sizes that compete: from nearly pure frequency to plain LRU. */
const SHARES = [0.01, 0.1, 0.3, 0.6, 0.8, 1] as const;
/** A shadow holds about this many entries; larger caches are sampled by key. */
const SHADOW_ENTRIES = 192;
/** How fast old hits lose their weight, a round. */
const DECAY = 0.7;
/** A challenger must be this much better: noise moves nothing. */
const MARGIN = 1.02;
/** The window goes this part of the way to the winner's a round. */
const CLIMB = 0.1;
/** Measured bytes of an entry in a shadow. */
const SHADOW_ENTRY_BYTES = 112;
/** Rounds without an eviction after which the contest sleeps: with room for all, every window is as good. */
const IDLE_ROUNDS = 8;

/**
 * Finds the best size of the window by hill climbing, with the slope measured on shadow caches.
 *
 * Each shadow is a small W-TinyLFU of its own window size that sees the same sampled requests but holds no values
 * (Waldspurger et al.: "Cache Modeling and Optimization using Miniature Simulations", ATC 2017). The real window climbs
 * towards the one with most hits. All shadows judge the same requests, so a change of the workload isn't mistaken for
 * the effect of a step, as it is where one cache compares its present with its past.
 */
export class WindowContest {
  /** The share of the budget that the window should have; starts as LRU, which is right while all is new. */
  share = 1;
  private readonly sketch: FrequencySketch;
  private readonly budget: number;
  private readonly maxBytes: number;
  private shift = 0;
  private shadows: Shadow[] = [];
  private leader = SHARES.length - 1;
  private seen = 0;
  private idleRounds = IDLE_ROUNDS;

  /** @param maxBytes that the shadows may take together. */
  constructor(budget: number, sketch: FrequencySketch, maxBytes: number) {
    this.budget = budget;
    this.sketch = sketch;
    this.maxBytes = maxBytes;
  }

  get isAwake(): boolean {
    return this.idleRounds < IDLE_ROUNDS;
  }

  get overheadBytes(): number {
    return this.shadows.reduce((bytes, shadow) => bytes + shadow.entries * SHADOW_ENTRY_BYTES, 0);
  }

  /** The real cache had to evict: what the window is like matters. */
  noteEviction(entries: number): void {
    const affordable = this.maxBytes / (SHARES.length * SHADOW_ENTRY_BYTES);
    const target = Math.min(SHADOW_ENTRIES, affordable);
    const shift = Math.max(0, Math.round(Math.log2(Math.max(1, entries) / target)));
    if (!this.isAwake || shift > this.shift + 1 || shift < this.shift - 1) this.start(shift);
    this.idleRounds = 0;
  }

  /** Shows a request to the shadows. True when the window's share changed. */
  observe(hash: number, weight: number): boolean {
    if (this.shift > 0 && Math.imul(hash, 0x9e3779b1) >>> (32 - this.shift) !== 0) return false;
    for (const shadow of this.shadows) shadow.request(hash, weight);
    this.seen += 1;
    return this.seen >= SHADOW_ENTRIES && this.endRound();
  }

  private start(shift: number): void {
    this.shift = shift;
    this.seen = 0;
    this.shadows = SHARES.map((share) => new Shadow(this.budget / 2 ** shift, share, this.sketch));
  }

  private endRound(): boolean {
    this.seen = 0;
    this.idleRounds += 1;
    const scores = this.shadows.map((shadow) => shadow.score);
    const best = scores.indexOf(Math.max(...scores));
    if ((scores[best] ?? 0) > (scores[this.leader] ?? 0) * MARGIN) this.leader = best;
    for (const shadow of this.shadows) shadow.score *= DECAY;
    const target = SHARES[this.leader] ?? 1;
    const change = (target - this.share) * CLIMB;
    if (change === 0) return false;
    this.share = Math.abs(change) < 0.001 ? target : this.share + change;
    return true;
  }
}

class ShadowEntry implements Evictable<ShadowEntry> {
  readonly hash: number;
  readonly weight: number;
  readonly removeAt = 0;
  older: ShadowEntry | undefined = undefined;
  newer: ShadowEntry | undefined = undefined;
  segment = 0;
  uses = 0;

  constructor(hash: number, weight: number) {
    this.hash = hash;
    this.weight = weight;
  }
}

/** A cache of hashes and weights only, which counts its hits. */
class Shadow {
  score = 0;
  private readonly known = new Map<number, ShadowEntry>();
  private readonly lists: WindowedSlru<ShadowEntry>;
  private readonly budget: number;
  private weight = 0;

  constructor(budget: number, share: number, sketch: FrequencySketch) {
    this.budget = budget;
    this.lists = new WindowedSlru(budget, share, sketch);
  }

  get entries(): number {
    return this.known.size;
  }

  request(hash: number, weight: number): void {
    const known = this.known.get(hash);
    if (known !== undefined) {
      this.score += 1;
      this.lists.touch(known);
      return;
    }
    if (weight > this.budget) return;
    const entry = new ShadowEntry(hash, weight);
    this.known.set(hash, entry);
    this.weight += weight;
    this.lists.insert(entry);
    while (this.weight > this.budget) this.evict();
  }

  private evict(): void {
    const victim = this.lists.victim();
    if (victim === undefined) return;
    this.lists.remove(victim);
    this.known.delete(victim.hash);
    this.weight -= victim.weight;
  }
}
