/** What the blog does in the background: publishing at a time, and clearing up. */
import type { JobStore } from '../jobs/job.ts';
import type { Task } from '../jobs/task.ts';
import { publishJob, publishTask } from './posts/publication.ts';
import type { PostService } from './posts/service.ts';
import type { TrimmingRepository } from './trimming-repository.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** More than the clocks of two nodes differ by. */
const marginMs = hourMs;
const keptRevisions = 50;

export interface BlogTasksOptions {
  posts: PostService;
  trimming: TrimmingRepository;
  queue: JobStore;
  /** The longest that an entry of the cache can live, milliseconds: it may have to be invalidated from the log. */
  longestEntryMs: number;
}

export function blogTasks({ posts, trimming, queue, longestEntryMs }: BlogTasksOptions): Task[] {
  const changesKeptMs = Math.max(dayMs, longestEntryMs) + marginMs;
  return [
    {
      name: publishTask,
      run: async ({ payload, now }) => posts.publish(postOf(payload), instant(now)),
    },
    {
      // A post is planned in the transaction that stores it. This finds those that the release before has stored, or a
      // restored copy.
      name: 'plan-publishing',
      everyMs: minuteMs,
      async run({ now }) {
        const due = await posts.scheduledUntil(instant(now + 2 * minuteMs));
        for (const { id, publishedAt } of due) {
          await queue.plan({ ...publishJob(id, publishedAt), ifPresent: 'keep' });
        }
      },
    },
    {
      name: 'trim-change-log',
      everyMs: hourMs,
      run: async ({ now, signal }) => void (await trimming.changes(instant(now - changesKeptMs), signal)),
    },
    {
      name: 'trim-idempotency-keys',
      everyMs: hourMs,
      run: async ({ now, signal }) => void (await trimming.answers(instant(now - dayMs), signal)),
    },
    {
      name: 'trim-revisions',
      everyMs: dayMs,
      run: async ({ signal }) => void (await trimming.revisions(keptRevisions, signal)),
    },
  ];
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function postOf(payload: unknown): string {
  if (typeof payload === 'object' && payload !== null && 'post' in payload) return String(payload.post);
  throw new Error('the job names no post');
}
