/** A program that uses the Redis of its argument as an operator's would, and says how that went. */
import { subscribe } from 'node:diagnostics_channel';
import { setTimeout as pause } from 'node:timers/promises';
import { CacheManager } from '../../src/cache/manager.ts';
import { createRedisClient } from '../../src/cache/shared/redis-connection.ts';

const url = process.argv[2] ?? '';
const deadline = performance.now() + 5000;
const open = () => new CacheManager<number>({ redis: url, redisTimeout: 500 });
const nodes = [open(), open()];
let reason: string | undefined;
subscribe('broadsheet:cache:link', (event) => {
  reason = JSON.stringify(event);
});

const client = createRedisClient(url);
let failure = '';
client.on('error', (error: Error) => {
  failure = error.message;
});
client.connect().catch(() => undefined);

const isBelieved = () => nodes.every((node) => node.stats().shared?.isTrusted === true);
let slowest = 0;
while (!isBelieved() && failure === '' && performance.now() < deadline) {
  const startedAt = performance.now();
  await nodes[0]?.getOrSet(['warming', startedAt], () => 0);
  slowest = Math.max(slowest, performance.now() - startedAt);
  await pause(5);
}
if (isBelieved()) {
  await nodes[0]?.set('key', 1);
  const answer = await nodes[1]?.lookup('key');
  console.log(answer?.tier, answer?.entry.value);
} else {
  console.log(`not believed: ${failure} ${reason ?? ''}`);
}
console.log(`slowest ${Math.round(slowest)} ms`);
client.disconnect();
for (const node of nodes) await node.close();
