/** Repeatable chance: the same seed makes the same blog, so that two runs compare. */

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 up to, not including, 1 (the SplitMix32 generator). */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let bits = this.#state;
    bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
    return ((bits ^ (bits >>> 15)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0 up to, not including, `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }
}

/** Ranks 0 to `count - 1`, of which rank r comes up in proportion to 1 / (r + 1): how tags, authors and words are used. */
export class Zipf {
  readonly #random: Random;
  readonly #cumulated: Float64Array;

  constructor(random: Random, count: number) {
    this.#random = random;
    this.#cumulated = new Float64Array(count);
    let sum = 0;
    for (let rank = 0; rank < count; rank++) {
      sum += 1 / (rank + 1);
      this.#cumulated[rank] = sum;
    }
  }

  next(): number {
    const cumulated = this.#cumulated;
    const target = this.#random.next() * (cumulated.at(-1) ?? 0);
    let low = 0;
    let high = cumulated.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulated[middle] ?? 0) < target) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Numbers distributed as `quantiles` says: values at even steps from the smallest to the largest. */
export function fromQuantiles(random: Random, quantiles: readonly number[]): number {
  const at = random.next() * (quantiles.length - 1);
  const below = quantiles[Math.floor(at)] ?? 0;
  const above = quantiles[Math.ceil(at)] ?? below;
  return below + (above - below) * (at % 1);
}
