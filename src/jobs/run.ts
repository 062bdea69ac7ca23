/** One run of a job: keeps its lease while the task works, and tells the queue how it ended. */
import { backoff } from './backoff.ts';
import { type RunEvent, reportQueueFailure, reportRun } from './events.ts';
import type { ClaimedJob, JobStore } from './job.ts';
import type { Task } from './task.ts';

const defaultAttempts = 12;

export interface RunLimits {
  leaseMs: number;
  /** A run that takes longer has failed. */
  timeoutMs: number;
}

type Outcome = RunEvent['outcome'];

/** Why a run was ended from outside. */
class Ended extends Error {
  readonly outcome: Outcome | 'failed';

  constructor(outcome: Outcome | 'failed', message: string) {
    super(message);
    this.outcome = outcome;
  }
}

export class JobRun {
  readonly #store: JobStore;
  readonly #task: Task;
  readonly #job: ClaimedJob;
  readonly #limits: RunLimits;
  readonly #abort = new AbortController();
  #heldSince = performance.now();

  constructor(store: JobStore, task: Task, job: ClaimedJob, limits: RunLimits) {
    this.#store = store;
    this.#task = task;
    this.#job = job;
    this.#limits = limits;
  }

  /** Runs the task and settles the job. Never rejects. */
  async run(): Promise<void> {
    const began = performance.now();
    const { leaseMs, timeoutMs } = this.#limits;
    const renewal = setInterval(() => void this.#renew(), leaseMs / 3);
    const deadline = setTimeout(() => this.#end('failed', `it took over ${timeoutMs / 1000} s`), timeoutMs);
    let failure: unknown;
    try {
      await this.#work();
    } catch (error) {
      failure = error ?? new Error('the task failed without an error');
    } finally {
      clearInterval(renewal);
      clearTimeout(deadline);
    }
    const outcome = this.#outcomeOf(failure);
    await this.#settle(outcome, failure).catch((error: unknown) =>
      reportQueueFailure({ operation: 'settle', error }),
    );
    const { id, task, attempts, dueAt, now } = this.#job;
    const seconds = (performance.now() - began) / 1000;
    reportRun({ id, task, outcome, attempts, seconds, lateSeconds: (now - dueAt) / 1000, error: failure });
  }

  /** Doesn't wait for the task any longer: hands the job back. */
  release(): void {
    this.#end('released', 'the node stops');
  }

  /** Also when the task doesn't heed the signal. */
  async #work(): Promise<void> {
    const { signal } = this.#abort;
    const { payload, now, attempts } = this.#job;
    if (attempts > this.#maxAttempts) throw new Ended('dead', 'the process ended during each attempt');
    const aborted = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    await Promise.race([aborted, this.#task.run({ payload, now, signal })]);
  }

  get #maxAttempts(): number {
    if (this.#task.everyMs !== undefined) return Number.POSITIVE_INFINITY;
    return this.#task.maxAttempts ?? defaultAttempts;
  }

  #outcomeOf(failure: unknown): Outcome {
    if (failure === undefined) return 'done';
    if (failure instanceof Ended && failure.outcome !== 'failed') return failure.outcome;
    return this.#job.attempts < this.#maxAttempts ? 'retry' : 'dead';
  }

  async #settle(outcome: Outcome, failure: unknown): Promise<void> {
    const job = this.#job;
    const { everyMs } = this.#task;
    if (outcome === 'released') return this.#store.release(job);
    if (outcome === 'dead') return this.#store.bury(job, messageOf(failure));
    if (outcome === 'done' && everyMs === undefined) return this.#store.complete(job);
    if (outcome === 'done') {
      return this.#store.retryLater(job, { delayMs: everyMs ?? 0, attempts: 0, error: null });
    }
    if (outcome === 'retry') {
      const delayMs = Math.min(backoff(job.attempts), everyMs ?? Number.POSITIVE_INFINITY);
      return this.#store.retryLater(job, { delayMs, attempts: job.attempts, error: messageOf(failure) });
    }
  }

  async #renew(): Promise<void> {
    const asked = performance.now();
    try {
      if (await this.#store.renew(this.#job, this.#limits.leaseMs)) this.#heldSince = asked;
      else this.#end('lost', 'another node has the job');
    } catch (error) {
      reportQueueFailure({ operation: 'renew', error });
      if (performance.now() - this.#heldSince < this.#limits.leaseMs) return;
      this.#end('lost', 'the lease could not be renewed');
    }
  }

  #end(outcome: Ended['outcome'], reason: string): void {
    this.#abort.abort(new Ended(outcome, reason));
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 1000);
}
