import { EVERYTHING } from '../keys.ts';
import type { Invalidation } from '../shared/store.ts';

/** More scopes than this are remembered as "everything". */
const MAX_SCOPES = 10_000;

/** Invalidations that the shared store hasn't confirmed. */
export class PendingInvalidations {
  private scopes = new Set<string>();
  private changes = new Set<number>();

  get isEmpty(): boolean {
    return this.scopes.size === 0;
  }

  add({ scopes, changes }: Invalidation): void {
    for (const scope of scopes) this.scopes.add(scope);
    for (const change of changes) this.changes.add(change);
    if (this.scopes.size > MAX_SCOPES) this.scopes = new Set([EVERYTHING]);
    if (this.changes.size > MAX_SCOPES) this.changes.clear();
  }

  /** Hands all over; whoever takes them adds them again if they couldn't be delivered. */
  take(): Invalidation {
    const taken = { scopes: [...this.scopes], changes: [...this.changes] };
    this.scopes = new Set();
    this.changes = new Set();
    return taken;
  }
}
