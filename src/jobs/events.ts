/** What the runner tells whoever listens on `node:diagnostics_channel`; it knows no logger and no metrics. */
import { channel } from 'node:diagnostics_channel';

/** A run of a job has ended. */
export interface RunEvent {
  readonly id: string;
  readonly task: string;
  /**
   * `done`; `retry`: it failed and will be tried again; `dead`: it failed for the last time; `released`: the node stops;
   * `lost`: the lease was over, another node has the job.
   */
  readonly outcome: 'done' | 'retry' | 'dead' | 'released' | 'lost';
  readonly attempts: number;
  readonly seconds: number;
  /** How long after its time the run began. */
  readonly lateSeconds: number;
  readonly error?: unknown;
}

/** The runner could not reach the queue; it tries again. */
export interface QueueFailureEvent {
  readonly operation: 'plan' | 'look' | 'renew' | 'settle';
  readonly error: unknown;
}

const runs = channel('broadsheet:jobs:run');
const failures = channel('broadsheet:jobs:failure');

export function reportRun(event: RunEvent): void {
  if (runs.hasSubscribers) runs.publish(event);
}

export function reportQueueFailure(event: QueueFailureEvent): void {
  if (failures.hasSubscribers) failures.publish(event);
}
