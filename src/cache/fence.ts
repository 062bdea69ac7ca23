import { EVERYTHING } from './keys.ts';

/** Stamps of a generation; two are kept. Work from before the ones forgotten is refused: perhaps needlessly. */
const MAX_STAMPS = 8192;

/**
 * Tells whether something that began earlier may still be stored: the generations of this process.
 *
 * Every invalidation gets a tick, a number that only grows, and is noted under its scopes. Whoever fills notes the tick
 * before it looks at the first tier; when it is done, no scope of the result may have been invalidated since. Scopes
 * needn't be known at the start, so a fill may decide its tags at the end. Space is bounded.
 */
export class Fence {
  /** Grows with each invalidation. */
  tick = 0;
  private stamps = new Map<string, number>();
  private olderStamps = new Map<string, number>();
  /** The last tick among the older stamps. */
  private olderTick = 0;
  private floor = 0;
  private lastTagTick = 0;

  /** Notes an invalidation of these scopes; returns its tick. */
  stamp(scopes: Iterable<string>): number {
    this.tick += 1;
    for (const scope of scopes) this.note(scope);
    return this.tick;
  }

  /** Whether none of the scopes, nor everything, was invalidated after `since`. */
  isClear(key: string, scopes: readonly string[], since: number): boolean {
    if (since === this.tick) return true;
    if (since < this.floor || this.isStamped(`k|${key}`, since)) return false;
    return !scopes.some((scope) => this.isStamped(scope, since));
  }

  /** Whether any tag was invalidated after `since`: a fill that runs might turn out to carry it. */
  hasTagSince(since: number): boolean {
    return this.lastTagTick > since;
  }

  private note(scope: string): void {
    if (scope === EVERYTHING) {
      this.floor = this.tick;
      this.lastTagTick = this.tick;
      this.stamps.clear();
      this.olderStamps.clear();
      return;
    }
    if (scope.startsWith('t|')) this.lastTagTick = this.tick;
    this.stamps.set(scope, this.tick);
    if (this.stamps.size >= MAX_STAMPS) this.forgetOlder();
  }

  private forgetOlder(): void {
    this.floor = Math.max(this.floor, this.olderTick);
    this.olderStamps = this.stamps;
    this.olderTick = this.tick;
    this.stamps = new Map();
  }

  private isStamped(scope: string, since: number): boolean {
    return (this.stamps.get(scope) ?? this.olderStamps.get(scope) ?? 0) > since;
  }
}
