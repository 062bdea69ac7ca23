import type { Clock } from '../clock.ts';

/** An operation took longer than its caller could wait. Its effect may still come. */
export class OperationTimeout extends Error {
  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds} ms`);
    this.name = 'OperationTimeout';
  }
}

/**
 * Settles as the operation does, or rejects with `OperationTimeout`.
 *
 * When the process itself was busy, the timer fires before the answer that already lies in the socket is read: so it
 * grants the event loop one turn before it gives up.
 */
export function withTimeout<Result>(
  clock: Clock,
  milliseconds: number,
  operation: Promise<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new OperationTimeout(milliseconds));
    const timer = clock.schedule(milliseconds, () => setImmediate(giveUp));
    operation.then(resolve, reject).finally(() => timer.cancel());
  });
}
