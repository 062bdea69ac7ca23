import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MemoryQueue } from '../../test/jobs/memory-queue.ts';
import { JobRunner } from './runner.ts';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-01-01T00:00:00Z') }));
afterEach(() => void vi.useRealTimers());

interface Node {
  runner: JobRunner;
  process: { isAlive: boolean };
}

/** Nodes that share a queue, and what their tasks have done. */
class Cluster {
  readonly queue = new MemoryQueue();
  readonly effects: string[] = [];
  planned = 0;
  /** How many nodes have stopped or died. */
  endings = 0;
  readonly #nodes: Node[] = [];

  start(): void {
    if (this.#nodes.length > 3) return;
    const process = { isAlive: true };
    const runner = new JobRunner({
      store: mortal(this.queue, process),
      concurrency: 2,
      tasks: [
        {
          name: 't',
          run: async ({ payload }) => {
            await new Promise((resolve) => setTimeout(resolve, 1500));
            if (process.isAlive) this.effects.push(JSON.stringify(payload));
          },
        },
      ],
    });
    runner.start();
    this.#nodes.push({ runner, process });
  }

  async plan(inMs: number): Promise<void> {
    this.planned += 1;
    await this.queue.plan({ task: 't', payload: { n: this.planned }, dueAt: Date.now() + inMs });
  }

  kill(): void {
    const node = this.#nodes.shift();
    if (!node) return;
    this.endings += 1;
    node.process.isAlive = false;
  }

  stop(graceMs: number): void {
    const node = this.#nodes.shift();
    if (!node) return;
    this.endings += 1;
    void node.runner.stop(graceMs);
  }
}

/** The queue as a process sees it: once dead, it says nothing any more. */
function mortal(queue: MemoryQueue, process: { isAlive: boolean }): MemoryQueue {
  return new Proxy(queue, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...words: unknown[]) =>
        process.isAlive ? Reflect.apply(member, target, words) : new Promise(() => undefined);
    },
  });
}

it('loses nothing while nodes come, go and die, and repeats only what they had begun', async () => {
  const step = fc.record({
    kind: fc.constantFrom('plan', 'kill', 'stop', 'start', 'pass'),
    ms: fc.integer({ min: 0, max: 4000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const cluster = new Cluster();
      cluster.start();
      for (const { kind, ms } of steps) {
        if (kind === 'plan') await cluster.plan(ms);
        else if (kind !== 'pass') cluster[kind](ms);
        await vi.advanceTimersByTimeAsync(ms);
      }
      cluster.start();
      await vi.advanceTimersByTimeAsync(60_000);
      expect(await cluster.queue.list()).toEqual([]);
      expect(new Set(cluster.effects).size).toBe(cluster.planned);
      // A node runs two at once.
      expect(cluster.effects.length - cluster.planned).toBeLessThanOrEqual(cluster.endings * 2);
      vi.clearAllTimers();
    }),
    { numRuns: 100 },
  );
});
