/** The background tasks of a node: which there are, and when they run here. Part of the composition root. */
import type { FastifyInstance } from 'fastify';
import type { LoggedChange } from './blog/posts/repository/unit.ts';
import type { PostService } from './blog/posts/service.ts';
import { blogTasks } from './blog/tasks.ts';
import { TrimmingRepository } from './blog/trimming-repository.ts';
import { ChangedPosts, warmingTask, warmTask } from './blog/warming.ts';
import type { Config } from './config/schema.ts';
import type { DatabaseManager } from './database/manager.ts';
import { warmUp } from './http/warm-up.ts';
import type { IdentityService } from './identity/service.ts';
import { reportQueueFailure } from './jobs/events.ts';
import { JobRepository } from './jobs/repository.ts';
import { JobRunner } from './jobs/runner.ts';
import type { Task } from './jobs/task.ts';

const hourMs = 3_600_000;

/** What the tasks work with. */
export interface TaskParts {
  database: DatabaseManager;
  posts: PostService;
  identity: IdentityService;
  cache: { catchUp(): Promise<void> };
  http: FastifyInstance;
}

/** With BACKGROUND_TASKS=false it plans and runs nothing but what is stored with posts, for other nodes to run. */
export class Background {
  readonly queue: JobRepository;
  readonly #config: Config;
  readonly #changed = new ChangedPosts((posts) => void this.#planWarming(posts));
  #runner: JobRunner | undefined;

  constructor(config: Config, database: DatabaseManager) {
    this.#config = config;
    this.queue = new JobRepository(database);
  }

  start(parts: TaskParts): void {
    if (!this.#config.performance.backgroundTasks) return;
    this.#runner = new JobRunner({ store: this.queue, tasks: this.#tasks(parts) });
    this.#runner.start();
  }

  /** To be called after changes of content were committed. */
  noteChanges(changes: readonly LoggedChange[]): void {
    if (this.#runner) this.#changed.note(changes);
  }

  async stop(): Promise<void> {
    const runner = this.#runner;
    this.#runner = undefined;
    this.#changed.close();
    await runner?.stop(this.#config.http.shutdownGraceSeconds * 1000);
  }

  #tasks({ database, posts, identity, cache, http }: TaskParts): Task[] {
    const { ttlSeconds, staleSeconds } = this.#config.cache;
    const longestEntryMs = (ttlSeconds + staleSeconds) * 1000;
    const trimming = new TrimmingRepository(database);
    return [
      ...blogTasks({ posts, trimming, queue: this.queue, longestEntryMs }),
      { name: 'forget-expired', everyMs: hourMs, run: ({ now }) => identity.forgetExpired(now) },
      warmingTask({
        posts,
        visit: (address) => warmUp(http, address),
        catchUp: () => cache.catchUp(),
      }),
    ];
  }

  async #planWarming(posts: string[]): Promise<void> {
    try {
      await this.queue.plan({ task: warmTask, payload: { posts } });
    } catch (error) {
      reportQueueFailure({ operation: 'plan', error });
    }
    this.#runner?.wake();
  }
}
