import { EVERYTHING } from './keys.ts';

/** Stamps that are kept. Work from before the oldest one forgotten is refused: needlessly perhaps, never wrongly stored. */
const MAX_STAMPS = 16_384;

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
  private readonly stamps = new Map<string, number>();
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
      return;
    }
    if (scope.startsWith('t|')) this.lastTagTick = this.tick;
    // Deleting first moves the scope to the end of the map's order, so the first is always the oldest.
    this.stamps.delete(scope);
    this.stamps.set(scope, this.tick);
    if (this.stamps.size > MAX_STAMPS) this.forgetOldest();
  }

  private forgetOldest(): void {
    for (const [scope, tick] of this.stamps) {
      this.floor = Math.max(this.floor, tick);
      this.stamps.delete(scope);
      return;
    }
  }

  private isStamped(scope: string, since: number): boolean {
    return (this.stamps.get(scope) ?? 0) > since;
  }
}
