import type { ChangeLogSource, LoggedChange } from '../../src/cache/coherence/change-log.ts';
import { CacheManager } from '../../src/cache/manager.ts';

const POSTS = 20;
const WRITE_EVERY_MS = 7;

export interface WorkloadReport {
  reads: number;
  hits: number;
  errors: number;
  /** How old what a node showed was, measured from the acknowledgement of the write that it missed, milliseconds. */
  worstStaleness: number;
  /** The same on the node that had taken the write. */
  worstOwnStaleness: number;
  slowestReadMs: number;
  slowestWriteMs: number;
}

interface Acknowledged {
  readonly version: number;
  readonly at: number;
  readonly node: number;
}

/** Nodes that write and read the same posts, with a database between them, and a check of every single read. */
export class Workload {
  readonly nodes: CacheManager<number>[];
  readonly report: WorkloadReport = {
    reads: 0,
    hits: 0,
    errors: 0,
    worstStaleness: 0,
    worstOwnStaleness: 0,
    slowestReadMs: 0,
    slowestWriteMs: 0,
  };
  private readonly versions: number[] = Array.from({ length: POSTS }, () => 0);
  private readonly acknowledged: Acknowledged[][] = Array.from({ length: POSTS }, () => []);
  private readonly changes: LoggedChange[] = [];
  private isRunning = true;

  constructor(redisUrls: readonly string[]) {
    this.nodes = redisUrls.map(
      (redis, index) =>
        new CacheManager<number>({
          redis,
          namespace: 'faults',
          changeLog: this.changeLog,
          nodeId: `node${index}-${process.pid}`,
        }),
    );
  }

  /** Runs until `act` has done its work. */
  async run(act: () => Promise<void>): Promise<WorkloadReport> {
    const loops = this.nodes.flatMap((_, node) => [this.keepReading(node), this.keepWriting(node)]);
    await act();
    this.isRunning = false;
    await Promise.all(loops);
    return this.report;
  }

  async close(): Promise<void> {
    for (const node of this.nodes) await node.close();
  }

  async untilTrusted(): Promise<void> {
    while (!this.nodes.every((node) => node.stats().shared?.isTrusted === true)) await pause(5);
  }

  private get changeLog(): ChangeLogSource {
    return {
      readSince: async (sequence) => this.changes.slice(sequence),
      latest: async () => this.changes.length,
    };
  }

  private async keepWriting(index: number): Promise<void> {
    while (this.isRunning) {
      const post = Math.floor(Math.random() * POSTS);
      const version = this.commit(post);
      const startedAt = performance.now();
      await this.nodes[index]?.invalidateTags([`post:${post}`], [this.changes.length]);
      const at = performance.now();
      this.report.slowestWriteMs = Math.max(this.report.slowestWriteMs, at - startedAt);
      this.acknowledged[post]?.push({ version, at, node: index });
      await pause(WRITE_EVERY_MS);
    }
  }

  private async keepReading(index: number): Promise<void> {
    while (this.isRunning) {
      const post = Math.floor(Math.random() * POSTS);
      const startedAt = performance.now();
      try {
        const answer = await this.nodes[index]?.getOrSetEntry(
          ['posts', 'one', post],
          async () => {
            const version = this.versions[post] ?? 0;
            await pause(1);
            return version;
          },
          { tags: [`post:${post}`] },
        );
        this.judge(index, post, answer?.entry.value ?? 0, startedAt);
        if (answer?.status === 'hit') this.report.hits += 1;
      } catch {
        this.report.errors += 1;
      }
      this.report.reads += 1;
      this.report.slowestReadMs = Math.max(this.report.slowestReadMs, performance.now() - startedAt);
      await pause(0);
    }
  }

  /** Compares what was read with every write that had been acknowledged when the read began. */
  private judge(node: number, post: number, version: number, startedAt: number): void {
    for (const write of this.acknowledged[post] ?? []) {
      if (write.version <= version || write.at > startedAt) continue;
      const staleness = startedAt - write.at;
      this.report.worstStaleness = Math.max(this.report.worstStaleness, staleness);
      if (write.node === node) {
        this.report.worstOwnStaleness = Math.max(this.report.worstOwnStaleness, staleness);
      }
    }
  }

  private commit(post: number): number {
    const version = (this.versions[post] ?? 0) + 1;
    this.versions[post] = version;
    this.changes.push({ sequence: this.changes.length + 1, tags: [`post:${post}`] });
    return version;
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    if (milliseconds === 0) setImmediate(resolve);
    else setTimeout(resolve, milliseconds);
  });
}
