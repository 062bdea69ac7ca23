import { Fence } from '../fence.ts';
import { EVERYTHING } from '../keys.ts';

/**
 * Guards copies from the shared tier against this node's own invalidations that are on their way there.
 *
 * Until the store has confirmed one, it may still give out what was invalidated. So nothing that carries such a scope is
 * taken from it, neither while the invalidation is under way nor when the reading began before it was confirmed.
 */
export class UnsettledInvalidations {
  private readonly underWay = new Map<string, number>();
  private readonly settled = new Fence();

  /** Taken before a read, given to `allows` after it. */
  get mark(): number {
    return this.settled.tick;
  }

  get isEmpty(): boolean {
    return this.underWay.size === 0;
  }

  begin(scopes: readonly string[]): void {
    for (const scope of scopes) this.underWay.set(scope, (this.underWay.get(scope) ?? 0) + 1);
  }

  end(scopes: readonly string[]): void {
    for (const scope of scopes) {
      const left = (this.underWay.get(scope) ?? 1) - 1;
      if (left === 0) this.underWay.delete(scope);
      else this.underWay.set(scope, left);
    }
    this.settled.stamp(scopes);
  }

  /** Whether what was read since the mark may be used. */
  allows(key: string, scopes: readonly string[], mark: number): boolean {
    if (!this.settled.isClear(key, scopes, mark)) return false;
    if (this.underWay.size === 0) return true;
    if (this.underWay.has(EVERYTHING) || this.underWay.has(`k|${key}`)) return false;
    return !scopes.some((scope) => this.underWay.has(scope));
  }
}
