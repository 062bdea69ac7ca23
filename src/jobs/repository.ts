/**
 * The queue as a table of the blog's own database, the same for SQLite and PostgreSQL. A job is claimed by an update that
 * gives it a lease; every later word about it names that lease.
 */
import { type ExpressionBuilder, type RawBuilder, sql, type Transaction, type UpdateObject } from 'kysely';
import { validate as isUuid, v7 as uuidv7 } from 'uuid';
import { databaseTime } from '../database/clock.ts';
import type { DatabaseManager } from '../database/manager.ts';
import type { Tables } from '../database/tables.ts';
import type { ClaimedJob, JobCounts, JobInfo, JobQueue, JobStore, NewJob, Retry } from './job.ts';

const noLease = { lease_id: null, lease_until: null };

/** Plans a job in a transaction that is under way: both are committed, or neither. */
export async function planJob(
  trx: Transaction<Tables>,
  now: RawBuilder<number>,
  { task, payload = {}, key, dueAt, ifPresent = 'replace' }: NewJob,
): Promise<void> {
  const job = {
    id: uuidv7(),
    task,
    key: key ?? null,
    payload: JSON.stringify(payload),
    due_at: dueAt ?? now,
    revision: 0,
    attempts: 0,
    last_error: null,
    ...noLease,
    dead_at: null,
    created_at: now,
  };
  await trx
    .insertInto('jobs')
    .values(job)
    .onConflict((conflict) => {
      const known = conflict.column('key');
      if (ifPresent === 'keep') return known.doNothing();
      return known.doUpdateSet(({ eb, ref }) => ({
        task: ref('excluded.task'),
        payload: ref('excluded.payload'),
        due_at: ref('excluded.due_at'),
        revision: eb('jobs.revision', '+', 1),
        attempts: 0,
        last_error: null,
        dead_at: null,
      }));
    })
    .execute();
}

export class JobRepository implements JobStore, JobQueue {
  readonly #database: DatabaseManager;
  readonly #now: RawBuilder<number>;

  /** @param now SQL for the time that leases and due times are held against */
  constructor(database: DatabaseManager, now: RawBuilder<number> = databaseTime(database.kind)) {
    this.#database = database;
    this.#now = now;
  }

  async plan(job: NewJob): Promise<void> {
    await this.#database.transaction((trx) => planJob(trx, this.#now, job));
  }

  async nextDueIn(tasks: readonly string[]): Promise<number | null> {
    const row = await this.#database.reader
      .selectFrom('jobs')
      .select(({ eb }) => eb('due_at', '-', this.#now).as('wait'))
      .where('task', 'in', tasks)
      .where((eb) => this.#isFree(eb))
      .orderBy('due_at')
      .limit(1)
      .executeTakeFirst();
    return row ? Number(row.wait) : null;
  }

  async claim(
    tasks: readonly string[],
    limit: number,
    lease: { id: string; ms: number },
  ): Promise<ClaimedJob[]> {
    const rows = await this.#database.transaction((trx) =>
      trx
        .updateTable('jobs')
        .set(({ eb }) => ({
          lease_id: lease.id,
          lease_until: this.#after(lease.ms),
          attempts: eb('attempts', '+', 1),
        }))
        .where('id', 'in', (query) =>
          query
            .selectFrom('jobs')
            .select('id')
            .where('task', 'in', tasks)
            .where('due_at', '<=', this.#now)
            .where((eb) => this.#isFree(eb))
            .orderBy('due_at')
            .limit(limit),
        )
        // Once more: PostgreSQL looks at a row again when it had to wait for another node's claim, but only here.
        .where((eb) => this.#isFree(eb))
        .returning(['id', 'task', 'payload', 'attempts', 'due_at', 'revision', this.#now.as('now')])
        .execute(),
    );
    return rows.map((row) => ({
      id: row.id,
      task: row.task,
      payload: JSON.parse(row.payload),
      attempts: row.attempts,
      dueAt: Number(row.due_at),
      now: Number(row.now),
      leaseId: lease.id,
      revision: row.revision,
    }));
  }

  async renew(job: ClaimedJob, leaseMs: number): Promise<boolean> {
    return this.#database.transaction(async (trx) => {
      const { numUpdatedRows } = await this.#held(trx, job)
        .set({ lease_until: this.#after(leaseMs) })
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    });
  }

  async complete(job: ClaimedJob): Promise<void> {
    await this.#database.transaction(async (trx) => {
      await trx
        .deleteFrom('jobs')
        .where('id', '=', job.id)
        .where('lease_id', '=', job.leaseId)
        .where('revision', '=', job.revision)
        .execute();
      await this.#held(trx, job).set(noLease).execute();
    });
  }

  retryLater(job: ClaimedJob, { delayMs, attempts, error }: Retry): Promise<void> {
    return this.#handBack(job, { due_at: this.#after(delayMs), attempts, last_error: error });
  }

  release(job: ClaimedJob): Promise<void> {
    return this.#handBack(job, { attempts: job.attempts - 1 });
  }

  bury(job: ClaimedJob, error: string): Promise<void> {
    return this.#handBack(job, { dead_at: this.#now, last_error: error });
  }

  async counts(): Promise<JobCounts> {
    const rows = await this.#database.reader
      .selectFrom('jobs')
      .select([this.#state().as('state'), ({ fn }) => fn.countAll<number>().as('total')])
      .groupBy('state')
      .execute();
    const total = (state: JobInfo['state']): number =>
      Number(rows.find((row) => row.state === state)?.total ?? 0);
    return { waiting: total('waiting'), running: total('running'), dead: total('dead') };
  }

  async list({ onlyDead = false, limit = 1000 } = {}): Promise<JobInfo[]> {
    const rows = await this.#database.reader
      .selectFrom('jobs')
      .select(['id', 'task', 'key', 'attempts', 'due_at', 'last_error', 'lease_id'])
      .select(this.#state().as('state'))
      .$if(onlyDead, (query) => query.where('dead_at', 'is not', null))
      .orderBy('due_at')
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      task: row.task,
      key: row.key,
      state: row.state,
      attempts: row.attempts,
      dueAt: new Date(Number(row.due_at)).toISOString(),
      lastError: row.last_error,
      runner: row.state === 'running' ? row.lease_id : null,
    }));
  }

  async retry(id: string): Promise<boolean> {
    // PostgreSQL would refuse what is no id.
    return isUuid(id) && (await this.#revive((query) => query.where('id', '=', id))) > 0;
  }

  retryAll(): Promise<number> {
    return this.#revive((query) => query);
  }

  #revive(which: (query: ReturnType<typeof updateDead>) => ReturnType<typeof updateDead>): Promise<number> {
    return this.#database.transaction(async (trx) => {
      const { numUpdatedRows } = await which(updateDead(trx))
        .set({ dead_at: null, due_at: this.#now, attempts: 0 })
        .executeTakeFirst();
      return Number(numUpdatedRows);
    });
  }

  /** Ends the lease; with these changes, unless the job was planned anew meanwhile. */
  async #handBack(job: ClaimedJob, changes: UpdateObject<Tables, 'jobs'>): Promise<void> {
    await this.#database.transaction(async (trx) => {
      await this.#held(trx, job)
        .where('revision', '=', job.revision)
        .set({ ...noLease, ...changes })
        .execute();
      await this.#held(trx, job).set(noLease).execute();
    });
  }

  /** Updates the job, as long as it is this runner's. */
  #held(trx: Transaction<Tables>, job: ClaimedJob) {
    return trx.updateTable('jobs').where('id', '=', job.id).where('lease_id', '=', job.leaseId);
  }

  #isFree(eb: ExpressionBuilder<Tables, 'jobs'>) {
    const isLeft = eb.or([eb('lease_until', 'is', null), eb('lease_until', '<=', this.#now)]);
    return eb.and([eb('dead_at', 'is', null), isLeft]);
  }

  #after(milliseconds: number): RawBuilder<number> {
    return sql<number>`${this.#now} + ${sql.lit(Math.round(milliseconds))}`;
  }

  #state(): RawBuilder<JobInfo['state']> {
    return sql`case when dead_at is not null then 'dead' when lease_until > ${this.#now} then 'running' else 'waiting' end`;
  }
}

function updateDead(trx: Transaction<Tables>) {
  return trx.updateTable('jobs').where('dead_at', 'is not', null);
}
