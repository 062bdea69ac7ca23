import type { ChangeLogSource, LoggedChange } from '../../../src/cache/coherence/change-log.ts';
import { CacheManager } from '../../../src/cache/manager.ts';
import type { FillContext } from '../../../src/cache/options.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeServer } from './fake-server.ts';
import { FakeStore, type Faults } from './fake-store.ts';
import { quiet, Schedule } from './schedule.ts';

export const NODES = 3;
export const POSTS = 3;
export const LIST_KEY = 'posts:list:0';
export const MAX_STALENESS_MS = 2000;
const HARD_TIMEOUT_MS = 5000;

/** A version for each post that the value was made from. */
export type Versions = Readonly<Record<number, number>>;

interface Node {
  name: string;
  cache: CacheManager<Versions>;
  store: FakeStore;
  /** What reads on this node must show at least: its own acknowledged writes. */
  acknowledged: Record<number, number>;
}

interface Acknowledgement {
  readonly at: number;
  readonly post: number;
  readonly version: number;
}

export type Invalidating = 'tag' | 'pattern' | 'clear' | 'delete';

/**
 * Several nodes over one fake server and one database, with a checker of everything that any of them reads.
 *
 * A value is the versions of the posts that it shows, so a read tells by itself how old it is.
 */
export class Cluster {
  readonly clock: FakeClock;
  readonly schedule = new Schedule();
  readonly faults: Faults = { isPaused: false, copiesOfNextMessage: 1 };
  readonly server: FakeServer;
  readonly nodes: Node[] = [];
  readonly violations: string[] = [];
  openReads = 0;
  private readonly versions: Record<number, number> = {};
  private readonly changes: LoggedChange[] = [];
  private readonly history: Acknowledgement[] = [];
  private readonly isLogged: boolean;
  private readonly isSettingUnderWay = new Set<number>();
  private names = 0;
  private fills = 0;
  private snapshot: (() => void) | undefined;
  hangNextFill = false;
  failNextFill = false;

  constructor(chance: () => number, isLogged: boolean) {
    this.clock = new FakeClock(chance);
    this.isLogged = isLogged;
    this.server = new FakeServer(this.clock);
    this.server.onPublish = (message) => {
      const copies = this.faults.copiesOfNextMessage;
      this.faults.copiesOfNextMessage = 1;
      for (const node of this.nodes) {
        for (let copy = 0; copy < copies; copy++) void node.store.deliver(message);
      }
    };
    for (let index = 0; index < NODES; index++) this.nodes.push(this.createNode());
  }

  /** Reads on a node and checks what it gets. */
  read(index: number, key: string): void {
    const node = this.node(index);
    const mustShow = this.required(node);
    this.openReads += 1;
    node.cache
      .getOrSet(key, (context) => this.fill(key, context), {
        ttl: 60_000,
        stale: 60_000,
        hardTimeout: HARD_TIMEOUT_MS,
      })
      .then(
        (value) => this.check(`${node.name} read ${key}`, value, mustShow),
        () => undefined,
      )
      .finally(() => {
        this.openReads -= 1;
      });
  }

  look(index: number, key: string): void {
    const node = this.node(index);
    const mustShow = this.required(node);
    void node.cache.get(key).then((value) => {
      if (value !== undefined) this.check(`${node.name} looked at ${key}`, value, mustShow);
    });
  }

  peek(index: number, key: string): void {
    const node = this.node(index);
    const entry = node.cache.peek(key);
    if (entry !== undefined) this.check(`${node.name} peeked at ${key}`, entry.value, this.required(node));
  }

  /** Changes a post in the database, then invalidates; a node that crashes in between has only the change log. */
  write(index: number, post: number, how: Invalidating, crashes: boolean): void {
    const node = this.node(index);
    const version = this.commit(post);
    const change = this.changes.length;
    if (crashes && this.isLogged) {
      this.acknowledge(post, version);
      this.crash(index);
      return;
    }
    void this.invalidate(node, post, how, change).then(() => {
      node.acknowledged[post] = Math.max(node.acknowledged[post] ?? 0, version);
      this.acknowledge(post, version);
    });
  }

  /** Writes a post and stores its new value outright. One at a time for a post: their order is the caller's concern. */
  set(index: number, post: number): void {
    if (this.isSettingUnderWay.has(post)) return;
    this.isSettingUnderWay.add(post);
    const node = this.node(index);
    const key = postKey(post);
    const version = this.commit(post);
    const change = this.changes.length;
    const changes = this.isLogged ? [change] : [];
    // The lists that show the post go first: what follows only adds the new value.
    void node.cache
      .invalidateTags([`post:${post}`], changes)
      .then(() => {
        const current = this.versions[post] ?? 0;
        return node.cache.set(key, { [post]: current }, { tags: [`post:${post}`] });
      })
      .then(() => {
        this.isSettingUnderWay.delete(post);
        node.acknowledged[post] = Math.max(node.acknowledged[post] ?? 0, version);
        this.acknowledge(post, version);
      });
  }

  /** Without a change log, what a node had still to deliver dies with it: then nobody can know of it. */
  crash(index: number): void {
    if (!this.isLogged) return;
    void this.node(index).cache.close();
    this.nodes[index] = this.createNode();
  }

  takeSnapshot(): void {
    this.snapshot = this.server.snapshot();
  }

  restartServer(isEmpty: boolean): void {
    for (const { store } of this.nodes) store.disconnect();
    this.server.restart(isEmpty ? undefined : this.snapshot);
    for (const { store } of this.nodes) void this.schedule.point().then(() => store.connect());
  }

  cut(index: number): void {
    const { store } = this.node(index);
    store.disconnect();
    void this.schedule.point().then(() => store.connect());
  }

  async pass(milliseconds: number): Promise<void> {
    const until = this.clock.now() + milliseconds;
    while (this.clock.step(until - this.clock.now())) await quiet();
    await this.clock.advance(until - this.clock.now());
  }

  /** Ends all faults and lets everything come to rest. */
  async heal(): Promise<void> {
    this.faults.isPaused = false;
    this.hangNextFill = false;
    this.failNextFill = false;
    for (const { store } of this.nodes) store.isSubscribed = true;
    for (let round = 0; round < 40; round++) {
      for (const { store } of this.nodes) store.connect();
      await this.rest(200);
    }
  }

  /** Lets all that is ready happen, then some time pass. */
  private async rest(milliseconds: number): Promise<void> {
    await quiet();
    while (this.schedule.size > 0) await this.schedule.step(0);
    await this.pass(milliseconds);
  }

  /** After healing, every node, and one that has just started, must show the present. */
  async checkPresent(): Promise<void> {
    this.nodes.push(this.createNode());
    for (let round = 0; round < 15; round++) await this.rest(100);
    const keys = [LIST_KEY, ...[...Array(POSTS).keys()].map(postKey)];
    for (const node of this.nodes) {
      for (const key of keys) {
        const reading = node.cache.getOrSet(key, (context) => this.fill(key, context));
        for (let turn = 0; turn < 20; turn++) await this.rest(turn < 5 ? 0 : 20);
        this.check(`${node.name} shows ${key} at the end`, await reading, this.versions);
      }
    }
    if (this.openReads > 0) this.violations.push(`${this.openReads} reads never ended`);
  }

  async close(): Promise<void> {
    for (const node of this.nodes) await node.cache.close();
  }

  private node(index: number): Node {
    const node = this.nodes[index % this.nodes.length];
    if (node === undefined) throw new RangeError('no nodes');
    return node;
  }

  private createNode(): Node {
    this.names += 1;
    const name = `node${this.names}`;
    const store = new FakeStore(this.server, this.schedule, this.clock, this.faults);
    const cache = new CacheManager<Versions>({
      clock: this.clock,
      nodeId: name,
      store,
      // Room for about two entries: eviction is a matter of course.
      memoryBytes: 2800,
      policy: 'lru',
      ...(this.isLogged ? { changeLog: this.changeLog() } : {}),
    });
    return { name, cache, store, acknowledged: {} };
  }

  private changeLog(): ChangeLogSource {
    return {
      readSince: async (sequence) => {
        await this.schedule.point();
        const rows = this.changes.filter((change) => change.sequence > sequence);
        await this.schedule.point();
        return rows;
      },
      latest: async () => {
        await this.schedule.point();
        const latest = this.changes.length;
        await this.schedule.point();
        return latest;
      },
    };
  }

  private async fill(key: string, context: FillContext): Promise<Versions> {
    this.fills += 1;
    const posts = key === LIST_KEY ? [...Array(POSTS).keys()] : [Number(key.split(':').at(-1))];
    const isHanging = this.hangNextFill;
    const isFailing = this.failNextFill;
    this.hangNextFill = false;
    this.failNextFill = false;
    await this.schedule.point();
    const value: Record<number, number> = {};
    for (const post of posts) value[post] = this.versions[post] ?? 0;
    await this.schedule.point();
    // A hung fill may come back long after its deadline, with what it read at the start.
    if (isHanging) await new Promise<void>((resolve) => this.clock.schedule(HARD_TIMEOUT_MS * 20, resolve));
    if (isFailing) throw new Error('the database is down');
    for (const post of posts) context.tags.add(`post:${post}`);
    return value;
  }

  private commit(post: number): number {
    const version = (this.versions[post] ?? 0) + 1;
    this.versions[post] = version;
    this.changes.push({ sequence: this.changes.length + 1, tags: [`post:${post}`] });
    return version;
  }

  private invalidate(node: Node, post: number, how: Invalidating, change: number): Promise<void> {
    const changes = this.isLogged ? [change] : [];
    switch (how) {
      case 'tag':
        return node.cache.invalidateTags([`post:${post}`], changes);
      case 'pattern':
        return node.cache.invalidate({ patterns: ['posts:*'], changes });
      case 'clear':
        return node.cache.invalidate({ patterns: ['*'], changes });
      case 'delete':
        return node.cache.invalidate({ keys: [postKey(post), LIST_KEY], changes });
    }
  }

  private acknowledge(post: number, version: number): void {
    this.history.push({ at: this.clock.now(), post, version });
  }

  /** What a read that begins now must show: own writes at once, others' after two seconds (with a change log). */
  private required(node: Node): Versions {
    const required = { ...node.acknowledged };
    if (!this.isLogged) return required;
    for (const { at, post, version } of this.history) {
      if (at + MAX_STALENESS_MS <= this.clock.now()) required[post] = Math.max(required[post] ?? 0, version);
    }
    return required;
  }

  private check(what: string, value: Versions, mustShow: Versions): void {
    for (const [post, version] of Object.entries(value)) {
      const least = mustShow[Number(post)] ?? 0;
      if (version < least) {
        this.violations.push(`${what} at ${this.clock.now()}: post ${post} is ${version}, must be ${least}`);
      }
    }
  }
}

export const postKey = (post: number): string => `posts:one:${post % POSTS}`;
