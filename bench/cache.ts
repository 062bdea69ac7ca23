/**
 * Speed of the cache beside `lru-cache`, `bentocache` and `cacheable`, all in one run: `npm run bench:cache`.
 *
 * Contenders take turns within each operation, and the best of several rounds counts, so that a busy machine hurts all
 * alike. What matters are the ratios. With a `redis-server` on PATH the mixed workload runs on Redis too.
 */
import { type Contender, createCacheables, createRedisCaches, startRedis } from './cache-contenders.ts';

const ENTRIES = 100_000;
const ROUNDS = 4;

interface Operation {
  readonly name: string;
  /** Operations a round. */
  readonly count: number;
  run(contender: Contender, count: number, round: number): Promise<void> | void;
}

const key = (index: number) => `posts:one:${index % ENTRIES}`;
/** Visits keys in an order that no prefetcher guesses, popular ones more often. */
const visits = Array.from({ length: 65_536 }, (_, at) =>
  key(Math.floor(ENTRIES ** (((at * 40_503) % 65_536) / 65_536))),
);
const visit = (at: number) => visits[at & 65_535] ?? '';

const operations: Operation[] = [
  {
    name: 'hit in memory, plain',
    count: 200_000,
    async run(contender, count) {
      // The peers answer with promises; ours and lru-cache at once, which is what is compared here.
      for (let at = 0; at < count; at++) {
        const answer = contender.peek?.(visit(at));
        if (answer instanceof Promise) await answer;
      }
    },
  },
  {
    name: 'hit in memory, getOrSet',
    count: 50_000,
    async run(contender, count) {
      for (let at = 0; at < count; at++) await contender.getOrSet?.(visit(at), fill, []);
    },
  },
  {
    name: 'miss with fill',
    count: 10_000,
    async run(contender, count, round) {
      for (let at = 0; at < count; at++) await contender.getOrSet?.(`fresh:${round}:${at}`, fill, []);
    },
  },
  {
    name: 'set',
    count: 10_000,
    async run(contender, count) {
      for (let at = 0; at < count; at++) await contender.set(key(at * 7), page, ['list']);
    },
  },
  {
    name: 'tag invalidation, 100,000 entries',
    count: 200,
    async run(contender, count) {
      for (let at = 0; at < count; at++) await contender.invalidateTag?.(at % 2 === 0 ? 'list' : 'other');
    },
  },
];

const page = Buffer.alloc(2048, 'x');
const fill = () => page;

async function measure(operation: Operation, contenders: readonly Contender[]): Promise<Map<string, number>> {
  const best = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const contender of contenders) {
      if (!contender.can(operation.name)) continue;
      const startedAt = performance.now();
      await operation.run(contender, operation.count, round);
      const rate = (operation.count * 1000) / (performance.now() - startedAt);
      best.set(contender.name, Math.max(rate, best.get(contender.name) ?? 0));
    }
  }
  return best;
}

const mixed: Operation = {
  name: 'mixed 90/10 with Redis',
  count: 5000,
  async run(contender, count) {
    // Fifty at a time, as a server has requests under way.
    for (let at = 0; at < count; at += 50) {
      await Promise.all(
        Array.from({ length: 50 }, (_, offset) => {
          const name = `mixed:${((at + offset) * 7919) % 500}`;
          return (at + offset) % 10 === 0
            ? contender.set(name, page, [])
            : contender.getOrSet?.(name, fill, []);
        }),
      );
    }
  },
};

function print(name: string, rates: ReadonlyMap<string, number>): void {
  const ours = rates.get('broadsheet') ?? 0;
  const cells = [...rates].map(([contender, rate]) => {
    const ratio = contender === 'broadsheet' ? '' : ` (we: ${(ours / rate).toFixed(2)}×)`;
    return `    ${contender.padEnd(12)}${Math.round(rate).toLocaleString('en').padStart(14)}/s${ratio}`;
  });
  console.log(`${name}\n${cells.join('\n')}`);
}

const contenders = createCacheables();
for (const contender of contenders) {
  for (let at = 0; at < ENTRIES; at++) await contender.set(key(at), page, ['list', `post:${at}`]);
}
for (const operation of operations) print(operation.name, await measure(operation, contenders));
for (const contender of contenders) await contender.close();

const redis = await startRedis();
if (redis === undefined) console.log('mixed 90/10 with Redis: skipped, no redis-server on PATH');
else {
  const sharers = await createRedisCaches(redis.port);
  print(mixed.name, await measure(mixed, sharers));
  for (const contender of sharers) await contender.close();
  await redis.stop();
}
