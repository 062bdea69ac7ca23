/** Limits how often something may be tried for each key, in bounded memory. */
export interface AttemptLimit {
  /** Attempts that may be made at once. */
  burst: number;
  /** After how long one attempt more is allowed. */
  refillSeconds: number;
  /** How many keys are remembered. */
  maxKeys: number;
}

/**
 * A token bucket for each key, kept as one number: the time at which the bucket is full again
 * (the virtual scheduling form of the generic cell rate algorithm, ITU-T I.371).
 */
export class AttemptLimiter {
  readonly #interval: number;
  readonly #capacity: number;
  readonly #maxKeys: number;
  readonly #now: () => number;
  readonly #fullAt = new Map<string, number>();

  /** @param now milliseconds, monotonic */
  constructor({ burst, refillSeconds, maxKeys }: AttemptLimit, now: () => number) {
    this.#interval = refillSeconds * 1000;
    this.#capacity = burst * this.#interval;
    this.#maxKeys = maxKeys;
    this.#now = now;
  }

  /** How many keys are remembered now. */
  get size(): number {
    return this.#fullAt.size;
  }

  /**
   * Counts an attempt before it is made, so that parallel ones can't slip through.
   * @returns seconds to wait when it isn't allowed (then it doesn't count), else 0
   */
  take(key: string): number {
    const now = this.#now();
    const fullAt = Math.max(this.#fullAt.get(key) ?? now, now) + this.#interval;
    const excess = fullAt - now - this.#capacity;
    if (excess > 0) return Math.ceil(excess / 1000);
    if (!this.#fullAt.has(key)) this.#makeRoom(now);
    this.#fullAt.set(key, fullAt);
    return 0;
  }

  /** Takes back an attempt that turned out to be right. */
  giveBack(key: string): void {
    const fullAt = (this.#fullAt.get(key) ?? 0) - this.#interval;
    if (fullAt > this.#now()) this.#fullAt.set(key, fullAt);
    else this.#fullAt.delete(key);
  }

  /**
   * Forgets keys whose bucket is full; failing that, the one that is nearest to it. So who floods the
   * memory with fresh keys pushes out other fresh keys, not the account that is under attack.
   */
  #makeRoom(now: number): void {
    if (this.#fullAt.size < this.#maxKeys) return;
    let nearest: string | undefined;
    let nearestTime = Number.POSITIVE_INFINITY;
    for (const [key, fullAt] of this.#fullAt) {
      if (fullAt <= now) this.#fullAt.delete(key);
      else if (fullAt < nearestTime) {
        nearest = key;
        nearestTime = fullAt;
      }
    }
    if (this.#fullAt.size >= this.#maxKeys && nearest !== undefined) this.#fullAt.delete(nearest);
  }
}
