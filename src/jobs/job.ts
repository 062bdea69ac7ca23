/** What the queue knows of a job, and what it is asked for. */

/** Milliseconds since the epoch by the clock of the queue, which all nodes share. */
export type QueueTime = number;

export interface NewJob {
  /** The name of the task that does it. */
  task: string;
  /** What the task needs to know, as JSON can tell it. */
  payload?: object;
  /** Names what is planned: there is one job of a key at a time. */
  key?: string;
  /** At once unless given. */
  dueAt?: QueueTime;
  /** For a job whose key is there already. `replace` (the default) plans it anew, `keep` leaves it as it is. */
  ifPresent?: 'replace' | 'keep';
}

/** A job in the hands of one runner, until its lease is over. */
export interface ClaimedJob {
  readonly id: string;
  readonly task: string;
  readonly payload: unknown;
  /** How often it was begun, this time included. */
  readonly attempts: number;
  readonly dueAt: QueueTime;
  /** When it was claimed. */
  readonly now: QueueTime;
  readonly leaseId: string;
  readonly revision: number;
}

/** When a job is to be run again. */
export interface Retry {
  delayMs: number;
  /** How many attempts it is to be taken to have had. */
  attempts: number;
  /** Why the last one failed; null when it didn't. */
  error: string | null;
}

/**
 * The queue as a runner needs it. What it says of a claimed job holds only while the lease does: afterwards the calls do
 * nothing, since somebody else has the job.
 */
export interface JobStore {
  plan(job: NewJob): Promise<void>;
  /** Milliseconds until one of these tasks has a job to claim, 0 or less for now; null when none is planned. */
  nextDueIn(tasks: readonly string[]): Promise<number | null>;
  /** Takes jobs that are due or whose runner's lease is over, the longest due first. */
  claim(tasks: readonly string[], limit: number, lease: { id: string; ms: number }): Promise<ClaimedJob[]>;
  /** @returns false when the lease is lost */
  renew(job: ClaimedJob, leaseMs: number): Promise<boolean>;
  /** It is done. If it was planned anew meanwhile, it stays for that. */
  complete(job: ClaimedJob): Promise<void>;
  /** If it was planned anew meanwhile, that time holds. */
  retryLater(job: ClaimedJob, retry: Retry): Promise<void>;
  /** Hands it back as if it had not been begun. */
  release(job: ClaimedJob): Promise<void>;
  /** Gives it up, until somebody retries it. */
  bury(job: ClaimedJob, error: string): Promise<void>;
  counts(): Promise<JobCounts>;
}

export interface JobCounts {
  waiting: number;
  running: number;
  dead: number;
}

export interface JobInfo {
  id: string;
  task: string;
  key: string | null;
  state: 'waiting' | 'running' | 'dead';
  attempts: number;
  /** RFC 3339. */
  dueAt: string;
  lastError: string | null;
  /** Who runs it: host, process, and a random part. */
  runner: string | null;
}

/** The queue as an operator sees it. */
export interface JobQueue {
  /** The longest due first. */
  list(options?: { onlyDead?: boolean; limit?: number }): Promise<JobInfo[]>;
  /** Has a job that was given up run again, with all its attempts. @returns false when there is no such job */
  retry(id: string): Promise<boolean>;
  /** @returns how many there were */
  retryAll(): Promise<number>;
}
