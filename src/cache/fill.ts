import { BroadsheetError } from '../errors.ts';
import type { Clock } from './clock.ts';
import type { Fill, FillContext, FillOptions } from './options.ts';

export interface FillResult<Value> {
  readonly value: Value;
  readonly tags: ReadonlySet<string>;
  readonly ttl: number;
  readonly stale: number;
  readonly revalidate: number;
  readonly isSkipped: boolean;
}

export type ResolvedOptions = Required<Omit<FillOptions, 'softTimeout' | 'tags'>> &
  Pick<FillOptions, 'softTimeout' | 'tags'>;

/** Runs a fill and collects what it decides about its result. */
export async function runFill<Value>(
  fill: Fill<Value>,
  options: ResolvedOptions,
  signal: AbortSignal,
): Promise<FillResult<Value>> {
  const tags = new Set(options.tags);
  const decided = { ttl: options.ttl, stale: options.stale, isSkipped: false };
  const context: FillContext = {
    signal,
    tags,
    setTtl(milliseconds) {
      decided.ttl = milliseconds;
    },
    setStale(milliseconds) {
      decided.stale = milliseconds;
    },
    skip() {
      decided.isSkipped = true;
    },
  };
  const value = await fill(context);
  const isSkipped = decided.isSkipped || value === undefined || !(decided.ttl + decided.stale > 0);
  return { ...decided, value, tags, revalidate: options.revalidate, isSkipped };
}

/** Settles as the work does, or fails at the deadline; then `onDeadline` has run first. */
export function beforeDeadline<Result>(
  clock: Clock,
  milliseconds: number,
  work: Promise<Result>,
  onDeadline: () => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = clock.schedule(milliseconds, () => {
      onDeadline();
      reject(
        new BroadsheetError('fill_timeout', 'The content took too long to load. Try again in a moment.', {
          headers: { 'retry-after': '1' },
        }),
      );
    });
    work.then(resolve, reject).finally(() => timer.cancel());
  });
}
