/** A kind of background work. Its runs may be repeated, so doing it twice must be the same as once. */
export interface Task {
  readonly name: string;
  /** Periodic: it runs in the whole cluster once, and again so many milliseconds after it ended. */
  readonly everyMs?: number;
  /** After so many failures a job is given up; a periodic one never is. Default 12, about half an hour. */
  readonly maxAttempts?: number;
  run(context: TaskContext): Promise<void>;
}

export interface TaskContext {
  readonly payload: unknown;
  /** Milliseconds since the epoch by the database's clock, when the run began. */
  readonly now: number;
  /** Aborted when the run is over for the queue: the node stops, the lease is lost, or the time is up. */
  readonly signal: AbortSignal;
}
