import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cluster, type Invalidating, LIST_KEY, NODES, POSTS, postKey } from './harness/cluster.ts';

/**
 * Thousands of schedules of everything that can happen to three nodes, their shared store, the bus and the change log,
 * with every await a point where the order can change. A checker holds what is read to the properties of docs/cache.md.
 * To replay a failure, run with INTERLEAVING_SEED and INTERLEAVING_PATH as fast-check printed them.
 */
const seed = process.env['INTERLEAVING_SEED'];
const path = process.env['INTERLEAVING_PATH'];
const runs = Number(process.env['INTERLEAVING_RUNS'] ?? 700);
const replay = {
  ...(seed === undefined ? {} : { seed: Number(seed) }),
  ...(path === undefined ? {} : { path }),
};

const node = fc.nat(NODES - 1);
const post = fc.nat(POSTS - 1);
const key = fc.oneof(post.map(postKey), fc.constant(LIST_KEY));
const how = fc.constantFrom<Invalidating>('tag', 'tag', 'tag', 'pattern', 'clear', 'delete');

type Action = (cluster: Cluster) => void | Promise<void>;
const named = (name: string, action: Action): Action => Object.assign(action, { toString: () => name });

const requests: fc.Arbitrary<Action>[] = [
  fc.tuple(node, key).map(([n, k]) => named(`read(${n}, ${k})`, (cluster) => cluster.read(n, k))),
  fc.tuple(node, key).map(([n, k]) => named(`look(${n}, ${k})`, (cluster) => cluster.look(n, k))),
  fc.tuple(node, key).map(([n, k]) => named(`peek(${n}, ${k})`, (cluster) => cluster.peek(n, k))),
  fc
    .tuple(node, post, how)
    .map(([n, p, h]) => named(`write(${n}, ${p}, ${h})`, (cluster) => cluster.write(n, p, h, false))),
  fc.tuple(node, post).map(([n, p]) => named(`set(${n}, ${p})`, (cluster) => cluster.set(n, p))),
];

const simpleFaults: Record<string, Action> = {
  loseMessage: (cluster) => {
    cluster.faults.copiesOfNextMessage = 0;
  },
  duplicateMessage: (cluster) => {
    cluster.faults.copiesOfNextMessage = 2;
  },
  hangFill: (cluster) => {
    cluster.hangNextFill = true;
  },
  failFill: (cluster) => {
    cluster.failNextFill = true;
  },
  snapshot: (cluster) => cluster.takeSnapshot(),
  restartEmpty: (cluster) => cluster.restartServer(true),
  restartOld: (cluster) => cluster.restartServer(false),
  evictControl: (cluster) => {
    cluster.server.control = undefined;
  },
  pause: (cluster) => {
    cluster.faults.isPaused = true;
  },
  resume: (cluster) => {
    cluster.faults.isPaused = false;
  },
};

const faults: fc.Arbitrary<Action>[] = [
  fc.constantFrom(...Object.entries(simpleFaults)).map(([name, action]) => named(name, action)),
  node.map((n) => named(`cut(${n})`, (cluster) => cluster.cut(n))),
  node.map((n) => named(`crash(${n})`, (cluster) => cluster.crash(n))),
  node.map((n) =>
    named(`deafen(${n})`, (cluster) => {
      const deaf = cluster.nodes[n];
      if (deaf !== undefined) deaf.store.isSubscribed = false;
    }),
  ),
  fc
    .tuple(node, post)
    .map(([n, p]) => named(`writeAndCrash(${n}, ${p})`, (cluster) => cluster.write(n, p, 'tag', true))),
];

const time = fc
  .constantFrom(1, 5, 20, 200, 600, 2100, 6000)
  .map((ms) => named(`pass(${ms})`, (cluster) => cluster.pass(ms)));

const scenario = fc.array(
  fc.record({
    action: fc.oneof(
      { weight: 10, arbitrary: fc.oneof(...requests) },
      { weight: 2, arbitrary: fc.oneof(...faults) },
      { weight: 2, arbitrary: time },
    ),
    /** Which of the ready steps happen next. */
    steps: fc.array(fc.nat(20), { maxLength: 8 }),
  }),
  { minLength: 1, maxLength: 60 },
);

describe.each([
  { name: 'with a change log', isLogged: true },
  { name: 'with the shared store alone', isLogged: false },
])('any order of events, $name', ({ isLogged }) => {
  it(
    'shows nobody anything older than promised',
    async () => {
      await fc.assert(
        fc.asyncProperty(scenario, fc.array(fc.nat(99), { minLength: 1 }), async (script, dice) => {
          let throws = 0;
          const chance = () => (dice[throws++ % dice.length] ?? 0) / 100;
          const cluster = new Cluster(chance, isLogged);
          for (let step = 0; step < 30; step++) await cluster.schedule.step(0);
          for (const { action, steps } of script) {
            await action(cluster);
            for (const choice of steps) await cluster.schedule.step(choice);
          }
          await cluster.heal();
          await cluster.checkPresent();
          await cluster.close();
          expect(cluster.violations).toEqual([]);
        }),
        { numRuns: runs, endOnFailure: false, ...replay },
      );
    },
    10 * 60_000,
  );
});
