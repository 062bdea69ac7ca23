/** Traces for the policies: recorded ones, and made-up ones that each stress one weakness. */
export interface Trace {
  readonly name: string;
  readonly sizes: readonly number[];
  /** Undefined when a recorded trace isn't there. */
  readonly requests: readonly number[] | undefined;
}

export function traces(recorded: (name: string) => number[] | undefined): Trace[] {
  const web = recorded('web07');
  const orm = recorded('orm-night');
  return [
    { name: 'web07', sizes: [500, 1000, 3000], requests: web },
    { name: 'orm-night', sizes: [250, 500, 1000], requests: orm },
    ...(web !== undefined && orm !== undefined
      ? [{ name: 'web07 and orm in turn', sizes: [500, 1000], requests: inTurn(web, orm) }]
      : []),
    { name: 'zipf 0.9', sizes: [200, 1000], requests: zipf(20_000, 200_000, 0.9, 1) },
    { name: 'zipf, taste shifts', sizes: [500, 2000], requests: shifting() },
    { name: 'zipf with scans', sizes: [500], requests: withScans() },
    { name: 'loop over 1,500', sizes: [500, 1000], requests: loop(1500, 100_000) },
    { name: 'sliding window', sizes: [200, 500], requests: sliding() },
  ];
}

/** A small linear congruential generator: the same numbers in every run. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Requests for `items` things, the n-th most popular with weight 1/n^exponent. */
export function zipf(items: number, count: number, exponent: number, seed: number): number[] {
  const random = randomNumbers(seed);
  const cumulated = new Float64Array(items);
  let total = 0;
  for (let item = 0; item < items; item++) {
    total += 1 / (item + 1) ** exponent;
    cumulated[item] = total;
  }
  return Array.from({ length: count }, () => lowerBound(cumulated, random() * total));
}

export function loop(items: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => at % items);
}

export function withScans(): number[] {
  let fresh = 1_000_000;
  return zipf(5000, 120_000, 1, 9).flatMap((item, at) => {
    if (at % 20_000 >= 5000) return [item];
    fresh += 1;
    return [item, fresh];
  });
}

export function shifting(): number[] {
  return [2, 3, 4].flatMap((seed) => zipf(10_000, 60_000, 0.9, seed).map((item) => item + seed * 100_000));
}

/** Things are asked for a few times soon after they are new, then never again. */
export function sliding(): number[] {
  const random = randomNumbers(7);
  return Array.from(
    { length: 200_000 },
    (_, at) => Math.floor(at / 10) + Math.floor(random() * random() * 800),
  );
}

function inTurn(first: readonly number[], second: readonly number[]): number[] {
  return [
    ...first.slice(0, 30_000),
    ...second.slice(0, 60_000).map((item) => item + 1_000_000),
    ...first.slice(30_000, 60_000),
  ];
}

function lowerBound(values: Float64Array, wanted: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
