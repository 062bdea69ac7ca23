/** Measured bytes of an interned scope and its slot in the table, without its name. */
const SCOPE_BYTES = 160;

/** One prefix or tag, shared by all entries that carry it. */
export class Scope {
  readonly name: string;
  /** Entries whose work began before this tick are void. */
  voidBefore = 0;
  entries = 0;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * The scopes of the entries in memory, one object for each name. Invalidating one is one assignment, however many
 * entries carry it; they find out when they are next looked at.
 */
export class ScopeTable {
  bytes = 0;
  /** Grows when an invalidation concerned any entry: entries that were checked at this version need no check. */
  version = 0;
  private readonly scopes = new Map<string, Scope>();

  acquire(names: readonly string[]): Scope[] {
    return names.map((name) => {
      const scope = this.scopes.get(name) ?? this.add(name);
      scope.entries += 1;
      return scope;
    });
  }

  release(scopes: readonly Scope[]): void {
    for (const scope of scopes) {
      scope.entries -= 1;
      if (scope.entries === 0) this.drop(scope);
    }
  }

  invalidate(name: string, tick: number): void {
    const scope = this.scopes.get(name);
    if (scope === undefined) return;
    scope.voidBefore = tick;
    this.version += 1;
  }

  clear(): void {
    this.scopes.clear();
    this.bytes = 0;
    this.version += 1;
  }

  private add(name: string): Scope {
    const scope = new Scope(name);
    this.scopes.set(name, scope);
    this.bytes += SCOPE_BYTES + name.length;
    return scope;
  }

  /** A cleared table may meet scopes of before: only what it still holds is dropped. */
  private drop(scope: Scope): void {
    if (this.scopes.get(scope.name) !== scope) return;
    this.scopes.delete(scope.name);
    this.bytes -= SCOPE_BYTES + scope.name.length;
  }
}
