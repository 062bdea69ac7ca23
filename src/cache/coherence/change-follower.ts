import { reportFailure } from '../events.ts';
import { keyScope, patternScope, tagScope, toKey } from '../keys.ts';
import type { Invalidation } from '../shared/store.ts';
import type { ChangeLogSource, LoggedChange } from './change-log.ts';

/** Changes that are remembered as applied before the log showed them. */
const MAX_SEEN = 10_000;

export interface ChangeFollowerTarget {
  /** Applies to this node, at once. */
  apply(scopes: readonly string[]): void;
  /** Forgets everything on this node. */
  reset(): void;
  /** Passes on to the shared store and the other nodes; never rejects. */
  forward(invalidation: Invalidation): Promise<void>;
}

/** Applies the change log to this node, each change once, however the node heard of it first. */
export class ChangeFollower {
  private readonly log: ChangeLogSource;
  private readonly target: ChangeFollowerTarget;
  private position: number | undefined;
  /** Applied already, because this node made the change or the bus told of it. */
  private readonly seen = new Set<number>();
  /** This node is invalidating for them right now. */
  private readonly underWay = new Set<number>();
  private running: Promise<boolean> | undefined;

  constructor(log: ChangeLogSource, target: ChangeFollowerTarget) {
    this.log = log;
    this.target = target;
  }

  /** Everything up to here is applied on this node; undefined before the log could be read. */
  get appliedUpTo(): number | undefined {
    return this.position;
  }

  begin(changes: readonly number[]): void {
    for (const change of changes) this.underWay.add(change);
  }

  end(changes: readonly number[]): void {
    for (const change of changes) this.underWay.delete(change);
    this.noteSeen(changes);
  }

  noteSeen(changes: readonly number[]): void {
    for (const change of changes) if (change > (this.position ?? -1)) this.seen.add(change);
    for (const change of this.seen) {
      if (this.seen.size <= MAX_SEEN) break;
      this.seen.delete(change);
    }
  }

  /** Reads on to the end of the log. False when the log can't be read; calls that overlap share one run. */
  follow(): Promise<boolean> {
    this.running ??= this.run().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** Passes on every change after this one that is applied here, for a store that may have missed it. */
  async forwardSince(change: number): Promise<void> {
    let from = change;
    while (this.position !== undefined && from < this.position) {
      const rows = await this.log.readSince(from);
      const last = rows.at(-1);
      if (last === undefined) return;
      await this.target.forward(toInvalidation(rows));
      from = last.sequence;
    }
  }

  private async run(): Promise<boolean> {
    try {
      if (this.position === undefined) await this.start();
      while (await this.readPage());
      return true;
    } catch (error) {
      reportFailure({ operation: 'change-log', key: undefined, error });
      return false;
    }
  }

  /** Whatever began before the position was known may rest on older content. */
  private async start(): Promise<void> {
    const latest = await this.log.latest();
    this.position = latest;
    this.target.reset();
  }

  /** True when there may be more. */
  private async readPage(): Promise<boolean> {
    const rows = await this.log.readSince(this.position ?? 0);
    const blocked = rows.findIndex((row) => this.underWay.has(row.sequence));
    const ready = blocked === -1 ? rows : rows.slice(0, blocked);
    const last = ready.at(-1);
    if (last === undefined) return false;
    const news = ready.filter((row) => !this.seen.has(row.sequence));
    for (const row of ready) this.seen.delete(row.sequence);
    const invalidation = toInvalidation(news);
    if (news.length > 0) this.target.apply(invalidation.scopes);
    this.position = last.sequence;
    if (news.length > 0) await this.target.forward(invalidation);
    return blocked === -1;
  }
}

function toInvalidation(rows: readonly LoggedChange[]): Invalidation {
  const scopes = new Set<string>();
  for (const row of rows) {
    for (const tag of row.tags ?? []) scopes.add(tagScope(tag));
    for (const key of row.keys ?? []) scopes.add(keyScope(toKey(key)));
    for (const pattern of row.patterns ?? []) scopes.add(patternScope(pattern));
  }
  return { scopes: [...scopes], changes: rows.map((row) => row.sequence) };
}
