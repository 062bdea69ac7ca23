/** Runs of background tasks, from what the runner announces, and how many jobs the queue has. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** The channel and the event of jobs/events.ts; observability imports nobody. */
const channelName = 'broadsheet:jobs:run';

/** How many jobs wait, run, and were given up, on all nodes. */
export type JobCounts = Record<'waiting' | 'running' | 'dead', number>;

export interface JobSummary extends Partial<JobCounts> {
  /** Runs on this node since the start, by task and outcome. */
  byTask: Record<string, Record<string, number>>;
}

export class JobMetrics {
  readonly #counts: () => Promise<JobCounts>;
  readonly #runs: Counter<'task' | 'outcome'>;
  readonly #durations: Histogram<'task'>;
  readonly #late: Histogram<'task'>;
  readonly #byTask = new Map<string, Record<string, number>>();

  constructor(registry: Registry, counts: () => Promise<JobCounts>) {
    this.#counts = counts;
    const registers = [registry];
    this.#runs = new Counter({
      name: 'broadsheet_job_runs_total',
      help: 'Runs of background tasks on this node, by how they ended.',
      labelNames: ['task', 'outcome'],
      registers,
    });
    const buckets = [0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120, 600];
    this.#durations = new Histogram({
      name: 'broadsheet_job_duration_seconds',
      help: 'How long a run of a background task takes.',
      labelNames: ['task'],
      buckets,
      registers,
    });
    this.#late = new Histogram({
      name: 'broadsheet_job_delay_seconds',
      help: 'How long after its time a run of a background task began.',
      labelNames: ['task'],
      buckets,
      registers,
    });
    this.#addGauge(registry);
    subscribe(channelName, this.#record);
  }

  /** Without the state of the queue when the database doesn't answer: the rest is wanted then most of all. */
  async summary(): Promise<JobSummary> {
    const counts = await this.#counts().catch(() => ({}));
    return { ...counts, byTask: Object.fromEntries(this.#byTask) };
  }

  close(): void {
    unsubscribe(channelName, this.#record);
  }

  #addGauge(registry: Registry): void {
    const read = this.#counts;
    new Gauge({
      name: 'broadsheet_jobs',
      help: 'Jobs in the queue of all nodes, by state.',
      labelNames: ['state'],
      registers: [registry],
      async collect() {
        this.reset();
        const counts = await read().catch(() => ({}));
        for (const [state, count] of Object.entries(counts)) this.set({ state }, count);
      },
    });
  }

  readonly #record = (message: unknown): void => {
    if (!isRunEvent(message)) return;
    const { task, outcome, seconds, lateSeconds } = message;
    this.#runs.inc({ task, outcome });
    this.#durations.observe({ task }, seconds);
    this.#late.observe({ task }, Math.max(0, lateSeconds));
    const known = this.#byTask.get(task) ?? {};
    this.#byTask.set(task, { ...known, [outcome]: (known[outcome] ?? 0) + 1 });
  };
}

interface RunEvent {
  task: string;
  outcome: string;
  seconds: number;
  lateSeconds: number;
}

function isRunEvent(message: unknown): message is RunEvent {
  return message !== null && typeof message === 'object' && 'task' in message && 'lateSeconds' in message;
}
