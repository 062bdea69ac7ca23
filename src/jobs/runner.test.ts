import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { MemoryQueue } from '../../test/jobs/memory-queue.ts';
import { JobRunner, type JobRunnerOptions } from './runner.ts';
import type { Task, TaskContext } from './task.ts';

const start = Date.parse('2026-01-01T00:00:00Z');

beforeEach(() => void vi.useFakeTimers({ now: start }));
afterEach(async () => {
  const stopped = Promise.all(started.splice(0).map((runner) => runner.stop(0)));
  await vi.advanceTimersByTimeAsync(1);
  await stopped;
  vi.useRealTimers();
});

const started: JobRunner[] = [];

function startRunner(queue: MemoryQueue, tasks: Task[], options: Partial<JobRunnerOptions> = {}): JobRunner {
  const runner = new JobRunner({ store: queue, tasks, ...options });
  runner.start();
  started.push(runner);
  return runner;
}

/** Collects what runners tell while the test lasts. */
function listen(): unknown[] {
  const events: unknown[] = [];
  const add = (event: unknown) => void events.push(event);
  subscribe('broadsheet:jobs:run', add);
  onTestFinished(() => void unsubscribe('broadsheet:jobs:run', add));
  return events;
}

/** A task that ends when the test says so, if at all. */
class HeldTask implements Task {
  readonly name = 't';
  readonly begun: TaskContext[] = [];
  readonly #ends: PromiseWithResolvers<void>[] = [];

  run(context: TaskContext): Promise<void> {
    const end = Promise.withResolvers<void>();
    this.begun.push(context);
    this.#ends.push(end);
    return end.promise;
  }

  finish(): void {
    this.#ends.shift()?.resolve();
  }
}

describe('JobRunner', () => {
  it('runs a job at its time to the millisecond, which another node planned', async () => {
    const queue = new MemoryQueue();
    const ranAt: number[] = [];
    startRunner(queue, [{ name: 't', run: async ({ now }) => void ranAt.push(now) }]);
    await vi.advanceTimersByTimeAsync(300);
    await queue.plan({ task: 't', dueAt: start + 7_654_321 });
    await vi.advanceTimersByTimeAsync(7_654_020);
    expect(ranAt).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(ranAt).toEqual([start + 7_654_321]);
    expect(await queue.list()).toEqual([]);
  });

  it('runs no more at once than it may, and all in the end', async () => {
    const queue = new MemoryQueue();
    const task = new HeldTask();
    for (let n = 0; n < 10; n += 1) await queue.plan({ task: 't', payload: { n } });
    startRunner(queue, [task], { concurrency: 3 });
    await vi.advanceTimersByTimeAsync(5000);
    expect(task.begun).toHaveLength(3);
    for (let n = 0; n < 10; n += 1) {
      task.finish();
      await vi.advanceTimersByTimeAsync(0);
      expect(task.begun).toHaveLength(Math.min(10, 4 + n));
    }
    expect(await queue.list()).toEqual([]);
  });

  it('tries again, ever later, and gives up with the reason', async () => {
    const queue = new MemoryQueue();
    const events = listen();
    const ranAt: number[] = [];
    const run = async ({ now }: TaskContext) => {
      ranAt.push(now);
      throw new Error(`attempt ${ranAt.length} failed`);
    };
    await queue.plan({ task: 't' });
    startRunner(queue, [{ name: 't', maxAttempts: 4, run }]);
    await vi.advanceTimersByTimeAsync(3_600_000);
    const pauses = ranAt.slice(1).map((at, index) => at - (ranAt[index] ?? 0));
    expect(pauses).toHaveLength(3);
    pauses.forEach((pause, index) => {
      expect(pause).toBeGreaterThanOrEqual(500 * 2 ** index);
      expect(pause).toBeLessThanOrEqual(1000 * 2 ** index);
    });
    expect(await queue.list()).toMatchObject([{ state: 'dead', attempts: 4, lastError: 'attempt 4 failed' }]);
    expect(events).toMatchObject(['retry', 'retry', 'retry', 'dead'].map((outcome) => ({ outcome })));
  });

  it('runs a periodic task on one node at a time, however long it takes', async () => {
    const queue = new MemoryQueue();
    const [first, second] = [new HeldTask(), new HeldTask()];
    const periodic = (task: HeldTask): Task => ({
      name: 't',
      everyMs: 60_000,
      run: (context) => task.run(context),
    });
    startRunner(queue, [periodic(first)]);
    await vi.advanceTimersByTimeAsync(10);
    startRunner(queue, [periodic(second)]);
    // The lease is renewed for as long as the task takes.
    await vi.advanceTimersByTimeAsync(120_000);
    expect([first.begun.length, second.begun.length]).toEqual([1, 0]);
    first.finish();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(first.begun.length + second.begun.length).toBe(2);
    expect(await queue.counts()).toEqual({ waiting: 0, running: 1, dead: 0 });
  });

  it('takes over from a process that died, within the lease and one look', async () => {
    const queue = new MemoryQueue();
    await queue.plan({ task: 't' });
    // Claimed, and never heard of again.
    await queue.claim(['t'], 1, { id: 'dead', ms: 5000 });
    const ranAt: number[] = [];
    startRunner(queue, [{ name: 't', run: async ({ now }) => void ranAt.push(now - start) }]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ranAt).toHaveLength(1);
    expect(ranAt[0]).toBeGreaterThanOrEqual(5000);
    expect(ranAt[0]).toBeLessThanOrEqual(6000);
  });

  it('gives up a job that takes its process down each time', async () => {
    const queue = new MemoryQueue();
    const task = { name: 't', maxAttempts: 2, run: async () => undefined };
    await queue.plan({ task: 't' });
    for (const id of ['first', 'second']) await queue.claim(['t'], 1, { id, ms: 0 });
    startRunner(queue, [task]);
    await vi.advanceTimersByTimeAsync(10);
    expect(await queue.list()).toMatchObject([
      { state: 'dead', lastError: 'the process ended during each attempt' },
    ]);
  });

  it('tells a task whose lease is lost, and leaves the job to who has it', async () => {
    const queue = new MemoryQueue();
    const task = new HeldTask();
    const events = listen();
    await queue.plan({ task: 't' });
    startRunner(queue, [task]);
    await vi.advanceTimersByTimeAsync(10);
    queue.failure = new Error('the database is away');
    await vi.advanceTimersByTimeAsync(4000);
    expect(task.begun[0]?.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(3000);
    expect(task.begun[0]?.signal.aborted).toBe(true);
    expect(events).toMatchObject([{ outcome: 'lost' }]);
    queue.failure = undefined;
    await vi.advanceTimersByTimeAsync(1000);
    // It is the same node that takes it again, as any other would.
    expect(task.begun).toHaveLength(2);
  });

  it('ends what takes too long, and tries it again', async () => {
    const queue = new MemoryQueue();
    const task = new HeldTask();
    await queue.plan({ task: 't' });
    startRunner(queue, [task], { timeoutMs: 30_000 });
    await vi.advanceTimersByTimeAsync(30_010);
    expect(task.begun[0]?.signal.aborted).toBe(true);
    expect(await queue.list()).toMatchObject([{ state: 'waiting', lastError: 'it took over 30 s' }]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(task.begun).toHaveLength(2);
  });

  it('stops after what runs, and hands back what takes longer than the grace', async () => {
    const queue = new MemoryQueue();
    const task = new HeldTask();
    for (let n = 0; n < 3; n += 1) await queue.plan({ task: 't' });
    const runner = startRunner(queue, [task], { concurrency: 2 });
    await vi.advanceTimersByTimeAsync(10);
    let isStopped = false;
    const stopped = runner.stop(1000).then(() => {
      isStopped = true;
    });
    task.finish();
    await vi.advanceTimersByTimeAsync(900);
    expect([task.begun.length, isStopped]).toEqual([2, false]);
    await vi.advanceTimersByTimeAsync(100);
    await stopped;
    expect(await queue.list()).toMatchObject([
      { state: 'waiting', attempts: 0 },
      { state: 'waiting', attempts: 0 },
    ]);
  });
});
