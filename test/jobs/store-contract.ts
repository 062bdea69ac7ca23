/** What every queue must do: run it on each implementation. */
import { describe, expect, it } from 'vitest';
import type { ClaimedJob, JobQueue, JobStore } from '../../src/jobs/job.ts';

export interface TestQueue {
  queue: JobStore & JobQueue;
  /** Moves the queue's clock. */
  advance(milliseconds: number): Promise<void>;
  /** What the queue's clock shows. */
  now(): number;
}

const leaseMs = 5000;

export function describeJobStore(name: string, open: () => Promise<TestQueue>): void {
  describe(name, () => {
    const claim = (queue: JobStore, id = 'a', limit = 10, tasks = ['t']): Promise<ClaimedJob[]> =>
      queue.claim(tasks, limit, { id, ms: leaseMs });

    async function claimOne(queue: JobStore, id?: string): Promise<ClaimedJob> {
      const [job] = await claim(queue, id);
      if (!job) throw new Error('nothing to claim');
      return job;
    }

    it('gives a job once, with its payload, and keeps it from others while the lease lasts', async () => {
      const { queue, advance } = await open();
      await queue.plan({ task: 't', payload: { n: 1 } });
      const job = await claimOne(queue);
      expect(job).toMatchObject({ task: 't', payload: { n: 1 }, attempts: 1 });
      expect(await claim(queue, 'b')).toEqual([]);
      expect(await queue.nextDueIn(['t'])).toBeNull();
      await advance(leaseMs - 1);
      expect(await claim(queue, 'b')).toEqual([]);
      await queue.complete(job);
      await advance(leaseMs);
      expect(await claim(queue, 'b')).toEqual([]);
      expect(await queue.list()).toEqual([]);
    });

    it('gives each job to one of those who ask at the same time', async () => {
      const { queue } = await open();
      for (let n = 0; n < 40; n += 1) await queue.plan({ task: 't', payload: { n } });
      const claims = await Promise.all(
        ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((id) => claim(queue, id, 5)),
      );
      const ids = claims.flat().map((job) => job.id);
      expect(new Set(ids).size).toBe(ids.length);
      const rest = await claim(queue, 'z', 100);
      expect(ids.length + rest.length).toBe(40);
    });

    it('passes a job on when its lease is over, and does not hear the former holder any more', async () => {
      const { queue, advance } = await open();
      await queue.plan({ task: 't' });
      const first = await claimOne(queue, 'a');
      await advance(leaseMs);
      const second = await claimOne(queue, 'b');
      expect(second).toMatchObject({ id: first.id, attempts: 2 });
      expect(await queue.renew(first, leaseMs)).toBe(false);
      await queue.complete(first);
      await queue.release(first);
      await queue.bury(first, 'too late');
      await queue.retryLater(first, { delayMs: 0, attempts: 0, error: null });
      expect(await queue.list()).toMatchObject([
        { state: 'running', attempts: 2, lastError: null, runner: 'b' },
      ]);
      expect(await queue.renew(second, leaseMs)).toBe(true);
    });

    it('keeps a lease that is renewed', async () => {
      const { queue, advance } = await open();
      await queue.plan({ task: 't' });
      const job = await claimOne(queue);
      await advance(4000);
      expect(await queue.renew(job, leaseMs)).toBe(true);
      await advance(4000);
      expect(await claim(queue, 'b')).toEqual([]);
    });

    it('holds a job back until its time, the longest due first', async () => {
      const { queue, advance, now } = await open();
      await queue.plan({ task: 't', key: 'late', dueAt: now() + 3000 });
      await queue.plan({ task: 't', key: 'early', dueAt: now() + 1000 });
      expect(await claim(queue)).toEqual([]);
      expect(await queue.nextDueIn(['t'])).toBe(1000);
      await advance(3000);
      const jobs = await claim(queue, 'a', 1);
      expect(jobs).toHaveLength(1);
      expect(await queue.list()).toMatchObject([
        { key: 'early', state: 'running' },
        { key: 'late', state: 'waiting' },
      ]);
    });

    it('leaves alone what others know how to do', async () => {
      const { queue } = await open();
      await queue.plan({ task: 'of a later release' });
      expect(await queue.nextDueIn(['t'])).toBeNull();
      expect(await claim(queue)).toEqual([]);
    });

    it('has one job of a key: planning it anew moves it, unless it is to be kept', async () => {
      const { queue, advance, now } = await open();
      await queue.plan({ task: 't', key: 'k', payload: { n: 1 }, dueAt: now() + 5000 });
      await queue.plan({ task: 't', key: 'k', payload: { n: 2 }, dueAt: now() + 2000 });
      await queue.plan({ task: 't', key: 'k', payload: { n: 3 }, dueAt: now(), ifPresent: 'keep' });
      expect(await queue.nextDueIn(['t'])).toBe(2000);
      await advance(2000);
      expect(await claim(queue)).toMatchObject([{ payload: { n: 2 } }]);
    });

    it('loses nothing that is planned while it runs', async () => {
      const { queue, advance, now } = await open();
      await queue.plan({ task: 't', key: 'k', payload: { n: 1 } });
      const first = await claimOne(queue);
      await queue.plan({ task: 't', key: 'k', payload: { n: 2 }, dueAt: now() + 1000 });
      await advance(1000);
      // One at a time.
      expect(await claim(queue, 'b')).toEqual([]);
      await queue.complete(first);
      const second = await claimOne(queue, 'b');
      expect(second).toMatchObject({ payload: { n: 2 }, attempts: 1 });
      await queue.plan({ task: 't', key: 'k', payload: { n: 3 } });
      await queue.bury(second, 'broken');
      expect(await claimOne(queue)).toMatchObject({ payload: { n: 3 }, attempts: 1 });
    });

    it('comes back after a failure, with what went wrong', async () => {
      const { queue, advance } = await open();
      await queue.plan({ task: 't' });
      const job = await claimOne(queue);
      await queue.retryLater(job, { delayMs: 2000, attempts: job.attempts, error: 'no luck' });
      expect(await queue.list()).toMatchObject([{ state: 'waiting', attempts: 1, lastError: 'no luck' }]);
      expect(await queue.nextDueIn(['t'])).toBe(2000);
      await advance(2000);
      expect(await claimOne(queue)).toMatchObject({ attempts: 2 });
    });

    it('counts no attempt that was handed back', async () => {
      const { queue } = await open();
      await queue.plan({ task: 't' });
      await queue.release(await claimOne(queue));
      expect(await claimOne(queue, 'b')).toMatchObject({ attempts: 1 });
    });

    it('keeps what was given up, until it is retried', async () => {
      const { queue, advance } = await open();
      for (const key of ['x', 'y', 'z']) await queue.plan({ task: 't', key });
      for (const job of await claim(queue)) await queue.bury(job, 'broken');
      await queue.plan({ task: 't' });
      await advance(leaseMs);
      expect(await queue.counts()).toEqual({ waiting: 1, running: 0, dead: 3 });
      const dead = await queue.list({ onlyDead: true });
      expect(dead).toHaveLength(3);
      const { id = '' } = dead[0] ?? {};
      expect(await queue.retry(id)).toBe(true);
      expect(await queue.retry(id)).toBe(false);
      expect((await claim(queue)).map((job) => job.attempts)).toEqual([1, 1]);
      expect(await queue.counts()).toEqual({ waiting: 0, running: 2, dead: 2 });
      expect(await queue.retryAll()).toBe(2);
      expect(await claim(queue, 'b')).toHaveLength(2);
    });

    it('has what was given up live again when it is planned anew, and only then', async () => {
      const { queue } = await open();
      await queue.plan({ task: 't', key: 'k' });
      await queue.bury(await claimOne(queue), 'broken');
      await queue.plan({ task: 't', key: 'k', ifPresent: 'keep' });
      expect(await claim(queue)).toEqual([]);
      await queue.plan({ task: 't', key: 'k' });
      expect(await claimOne(queue)).toMatchObject({ attempts: 1 });
    });
  });
}
