/** Runs the jobs that are due on this node, a few at a time. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { reportQueueFailure } from './events.ts';
import type { ClaimedJob, JobStore } from './job.ts';
import { JobRun } from './run.ts';
import type { Task } from './task.ts';

export interface JobRunnerOptions {
  store: JobStore;
  tasks: readonly Task[];
  /** How many jobs run at once. */
  concurrency?: number;
  /** After the death of a node its jobs wait so long for another. */
  leaseMs?: number;
  /** How often to look for what other nodes planned. */
  pollMs?: number;
  /** A run that takes longer has failed. */
  timeoutMs?: number;
}

/** Between two looks where another node was faster. */
const pauseMs = 50;

export class JobRunner {
  readonly #options: Required<JobRunnerOptions>;
  readonly #tasks: ReadonlyMap<string, Task>;
  readonly #running = new Map<JobRun, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #look: Promise<void> | undefined;
  #isStopped = true;
  #isWokenMeanwhile = false;
  #arePeriodicPlanned = false;

  constructor(options: JobRunnerOptions) {
    this.#options = { concurrency: 4, leaseMs: 5000, pollMs: 1000, timeoutMs: 600_000, ...options };
    this.#tasks = new Map(options.tasks.map((task) => [task.name, task]));
  }

  start(): void {
    this.#isStopped = false;
    this.wake();
  }

  /** To be called when something was planned that may be due before the next look. */
  wake(): void {
    if (this.#isStopped) return;
    if (this.#look) {
      this.#isWokenMeanwhile = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#look = this.#lookAround();
  }

  /**
   * Takes no new jobs and waits for those that run.
   *
   * @param graceMs after so many milliseconds those that still run are handed back, for another node to take at once
   */
  async stop(graceMs: number): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#look;
    const deadline = setTimeout(() => {
      for (const run of this.#running.keys()) run.release();
    }, graceMs);
    await Promise.all(this.#running.values());
    clearTimeout(deadline);
  }

  async #lookAround(): Promise<void> {
    let sleepMs = this.#options.pollMs;
    try {
      do {
        this.#isWokenMeanwhile = false;
        sleepMs = await this.#takeDue();
      } while (this.#isWokenMeanwhile && !this.#isStopped);
    } catch (error) {
      reportQueueFailure({ operation: 'look', error });
    }
    this.#look = undefined;
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => this.wake(), sleepMs);
    // Nobody stays alive for what is due later.
    this.#timer.unref();
  }

  /** Starts what is due. @returns milliseconds until the next look */
  async #takeDue(): Promise<number> {
    const { store, pollMs, leaseMs, concurrency } = this.#options;
    await this.#planPeriodic();
    const names = [...this.#tasks.keys()];
    const wait = await store.nextDueIn(names);
    if (wait === null || wait > 0) return Math.min(wait ?? pollMs, pollMs);
    const free = concurrency - this.#running.size;
    // The end of a run wakes.
    if (free <= 0 || this.#isStopped) return pollMs;
    const jobs = await store.claim(names, free, { id: newLeaseId(), ms: leaseMs });
    for (const job of jobs) this.#start(job);
    if (jobs.length === 0) return Math.min(pauseMs, pollMs);
    this.#isWokenMeanwhile = jobs.length < free || this.#isWokenMeanwhile;
    return pollMs;
  }

  /** Once per process: a row for each periodic task, which whoever is first makes and all share. */
  async #planPeriodic(): Promise<void> {
    if (this.#arePeriodicPlanned) return;
    for (const { name, everyMs } of this.#tasks.values()) {
      if (everyMs !== undefined) await this.#options.store.plan({ task: name, key: name, ifPresent: 'keep' });
    }
    this.#arePeriodicPlanned = true;
  }

  #start(job: ClaimedJob): void {
    const task = this.#tasks.get(job.task);
    if (!task) return;
    const run = new JobRun(this.#options.store, task, job, this.#options);
    const done = run.run().finally(() => {
      this.#running.delete(run);
      this.wake();
    });
    this.#running.set(run, done);
  }
}

/** Tells an operator who runs a job, and is no other claim's. */
function newLeaseId(): string {
  return `${hostname()}:${process.pid}:${randomBytes(9).toString('base64url')}`;
}
