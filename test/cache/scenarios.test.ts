import { describe, expect, it } from 'vitest';
import { Cluster, LIST_KEY, postKey } from './harness/cluster.ts';

/** Rare chains of events that random schedules seldom hit, played on purpose. */
async function play(isLogged: boolean, act: (cluster: Cluster) => Promise<void>): Promise<string[]> {
  const cluster = new Cluster(() => 0.5, isLogged);
  await rest(cluster);
  await act(cluster);
  await cluster.heal();
  await cluster.checkPresent();
  await cluster.close();
  return cluster.violations;
}

async function rest(cluster: Cluster): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await cluster.schedule.step(0);
}

describe.each([true, false])('with a change log: %s', (isLogged) => {
  it('a node misses a message, and Redis loses its memory before the node could ask', async () => {
    const violations = await play(isLogged, async (cluster) => {
      cluster.read(1, postKey(0));
      await rest(cluster);
      cluster.faults.copiesOfNextMessage = 0;
      cluster.write(0, 0, 'tag', false);
      await rest(cluster);
      cluster.restartServer(true);
    });
    expect(violations).toEqual([]);
  });

  it('a node reads from Redis what its own invalidation has not reached there yet', async () => {
    const violations = await play(isLogged, async (cluster) => {
      cluster.read(1, postKey(0));
      await rest(cluster);
      cluster.write(0, 0, 'tag', false);
      cluster.read(0, postKey(0));
      // The read goes there and back while the invalidation is still on its way.
      await cluster.schedule.step(1);
      await cluster.schedule.step(1);
      await rest(cluster);
      cluster.peek(0, postKey(0));
      cluster.read(0, postKey(0));
      await rest(cluster);
    });
    expect(violations).toEqual([]);
  });

  it('Redis comes back with a snapshot from before an invalidation', async () => {
    const violations = await play(isLogged, async (cluster) => {
      cluster.read(1, postKey(0));
      await rest(cluster);
      cluster.takeSnapshot();
      cluster.write(0, 0, 'tag', false);
      await rest(cluster);
      cluster.restartServer(false);
      await rest(cluster);
      // Other invalidations bring its numbers past those that the nodes had seen.
      for (const post of [1, 2, 1, 2]) {
        cluster.write(0, post, 'tag', false);
        await rest(cluster);
        await cluster.pass(200);
      }
    });
    expect(violations).toEqual([]);
  });

  it('an invalidation is made while Redis hangs, and Redis still has the old value afterwards', async () => {
    const violations = await play(isLogged, async (cluster) => {
      cluster.read(1, LIST_KEY);
      await rest(cluster);
      cluster.faults.isPaused = true;
      cluster.write(0, 0, 'tag', false);
      await rest(cluster);
      await cluster.pass(50);
      cluster.read(0, LIST_KEY);
      await rest(cluster);
      cluster.faults.isPaused = false;
      cluster.look(0, LIST_KEY);
    });
    expect(violations).toEqual([]);
  });

  it('everything is cut off for a while: what nobody vouches for counts as stale', async () => {
    const violations = await play(isLogged, async (cluster) => {
      cluster.read(1, LIST_KEY);
      await rest(cluster);
      cluster.faults.isPaused = true;
      cluster.nodes[1]?.store.disconnect();
      cluster.write(0, 0, 'tag', false);
      await rest(cluster);
      // No step of the schedule happens: neither the store nor the log answers, while time passes.
      await cluster.pass(2500);
      cluster.peek(1, LIST_KEY);
      cluster.read(1, LIST_KEY);
      await rest(cluster);
    });
    expect(violations).toEqual([]);
  });
});
