/** How long to wait after a failure: twice as long each time, spread by chance so that nodes don't come back at once. */

const firstMs = 1000;
const longestMs = 600_000;

/**
 * @param attempts how many have failed, from 1
 * @param random between 0 and 1
 * @returns milliseconds, at least half of the step and at most all of it; ten minutes are the longest step
 */
export function backoff(attempts: number, random: number = Math.random()): number {
  const step = Math.min(longestMs, firstMs * 2 ** (attempts - 1));
  return Math.round(step * (0.5 + random / 2));
}
