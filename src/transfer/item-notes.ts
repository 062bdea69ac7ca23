import type { Notice, Place } from './report.ts';

/** Collects what is to be said about one item while it is being converted. */
export class ItemNotes {
  readonly notices: Notice[] = [];
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  /**
   * Says, once, that the item is imported but something of it is not.
   *
   * @param line of the file; the item's own when absent
   */
  warn(reason: string, line?: number): void {
    const at = line ?? this.#place.line;
    const isKnown = this.notices.some((notice) => notice.reason === reason && notice.line === at);
    if (!isKnown) this.notices.push({ kind: 'warning', ...this.#place, line: at, reason });
  }

  /** Lists `count` things that belong to the item and are left out, such as comments. */
  leaveOut(what: string, reason: string, count: number): void {
    this.notices.push({ kind: 'skipped', ...this.#place, item: what, reason, count });
  }
}
