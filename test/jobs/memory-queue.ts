/** A queue in memory with the clock of the test, for tests of the runner. */
import type { ClaimedJob, JobInfo, JobQueue, JobStore, NewJob, Retry } from '../../src/jobs/job.ts';

interface Row extends Omit<ClaimedJob, 'now' | 'leaseId'> {
  key: string | null;
  leaseId: string | null;
  leaseUntil: number;
  isDead: boolean;
  lastError: string | null;
}

export class MemoryQueue implements JobStore, JobQueue {
  /** Thrown by every call while it is set: the database is away. */
  failure: Error | undefined;
  #rows: Row[] = [];
  #lastId = 0;

  async plan({ task, payload = {}, key, dueAt = Date.now(), ifPresent = 'replace' }: NewJob): Promise<void> {
    this.#fail();
    const known = this.#rows.find((row) => row.key !== null && row.key === key);
    const planned = { task, payload, dueAt, attempts: 0, lastError: null, isDead: false };
    if (!known) {
      this.#lastId += 1;
      const id = String(this.#lastId);
      this.#rows.push({ ...planned, id, key: key ?? null, revision: 0, leaseId: null, leaseUntil: 0 });
    } else if (ifPresent === 'replace') {
      this.#set(known, { ...planned, revision: known.revision + 1 });
    }
  }

  async nextDueIn(tasks: readonly string[]): Promise<number | null> {
    this.#fail();
    const [first] = this.#free(tasks);
    return first ? first.dueAt - Date.now() : null;
  }

  async claim(
    tasks: readonly string[],
    limit: number,
    lease: { id: string; ms: number },
  ): Promise<ClaimedJob[]> {
    this.#fail();
    const due = this.#free(tasks).filter((row) => row.dueAt <= Date.now());
    return due.slice(0, limit).map((row) => {
      const held = { leaseId: lease.id, leaseUntil: Date.now() + lease.ms, attempts: row.attempts + 1 };
      this.#set(row, held);
      return { ...row, ...held, now: Date.now() };
    });
  }

  async renew(job: ClaimedJob, leaseMs: number): Promise<boolean> {
    this.#fail();
    const row = this.#held(job);
    if (row) this.#set(row, { leaseUntil: Date.now() + leaseMs });
    return row !== undefined;
  }

  async complete(job: ClaimedJob): Promise<void> {
    const isDone = this.#held(job)?.revision === job.revision;
    this.#handBack(job, {});
    if (isDone) this.#rows = this.#rows.filter((row) => row.id !== job.id);
  }

  async retryLater(job: ClaimedJob, { delayMs, attempts, error }: Retry): Promise<void> {
    this.#handBack(job, { dueAt: Date.now() + delayMs, attempts, lastError: error });
  }

  async release(job: ClaimedJob): Promise<void> {
    this.#handBack(job, { attempts: job.attempts - 1 });
  }

  async bury(job: ClaimedJob, error: string): Promise<void> {
    this.#handBack(job, { isDead: true, lastError: error });
  }

  async counts() {
    const states = this.#rows.map((row) => this.#state(row));
    const count = (state: JobInfo['state']) => states.filter((other) => other === state).length;
    return { waiting: count('waiting'), running: count('running'), dead: count('dead') };
  }

  async list({ onlyDead = false } = {}): Promise<JobInfo[]> {
    const rows = this.#rows.filter((row) => row.isDead || !onlyDead).toSorted((a, b) => a.dueAt - b.dueAt);
    return rows.map((row) => {
      const state = this.#state(row);
      const { id, task, key, attempts, lastError } = row;
      const runner = state === 'running' ? row.leaseId : null;
      return { id, task, key, state, attempts, lastError, runner, dueAt: new Date(row.dueAt).toISOString() };
    });
  }

  async retry(id: string): Promise<boolean> {
    return this.#revive((row) => row.id === id) > 0;
  }

  async retryAll(): Promise<number> {
    return this.#revive(() => true);
  }

  #revive(isMeant: (row: Row) => boolean): number {
    const rows = this.#rows.filter((row) => row.isDead && isMeant(row));
    for (const row of rows) this.#set(row, { isDead: false, attempts: 0, dueAt: Date.now() });
    return rows.length;
  }

  #state(row: Row): JobInfo['state'] {
    if (row.isDead) return 'dead';
    return row.leaseUntil > Date.now() ? 'running' : 'waiting';
  }

  #free(tasks: readonly string[]): Row[] {
    return this.#rows
      .filter((row) => tasks.includes(row.task) && this.#state(row) === 'waiting')
      .toSorted((a, b) => a.dueAt - b.dueAt);
  }

  #held(job: ClaimedJob): Row | undefined {
    return this.#rows.find((row) => row.id === job.id && row.leaseId === job.leaseId);
  }

  #handBack(job: ClaimedJob, changes: Partial<Row>): void {
    this.#fail();
    const row = this.#held(job);
    if (!row) return;
    if (row.revision === job.revision) this.#set(row, changes);
    this.#set(row, { leaseId: null, leaseUntil: 0 });
  }

  #set(row: Row, changes: Partial<Row>): void {
    Object.assign(row, changes);
  }

  #fail(): void {
    if (this.failure) throw this.failure;
  }
}
