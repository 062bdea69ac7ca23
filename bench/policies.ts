/**
 * Hit ratios of the eviction policies on recorded and made-up traces: `npm run bench:policies`.
 *
 * Beside ours run FIFO and Belady's optimum, which knows the future and so is the bound for all. Sizes are in entries.
 * The recorded traces are looked for beside the checkout, and left out where they aren't.
 */
import { existsSync, readFileSync } from 'node:fs';
import { hashKey } from '../src/cache/memory/frequency-sketch.ts';
import { LfuPolicy } from '../src/cache/memory/policies/lfu.ts';
import { LruPolicy } from '../src/cache/memory/policies/lru.ts';
import type { Evictable, EvictionPolicy } from '../src/cache/memory/policies/policy.ts';
import { TinyLfuPolicy } from '../src/cache/memory/policies/tinylfu.ts';
import { traces } from './policy-traces.ts';

class Item implements Evictable<Item> {
  older: Item | undefined = undefined;
  newer: Item | undefined = undefined;
  segment = 0;
  uses = 0;
  readonly weight = 1;
  readonly removeAt = 0;
  readonly id: number;
  readonly hash: number;

  constructor(id: number) {
    this.id = id;
    this.hash = hashKey(`product:${id}`);
  }
}

/** The share of requests that hit, in percent. */
function simulate(trace: readonly number[], size: number, policy: EvictionPolicy<Item>): number {
  const items = new Map<number, Item>();
  let hits = 0;
  for (const id of trace) {
    const known = items.get(id);
    if (known !== undefined) {
      hits += 1;
      policy.touch(known);
      continue;
    }
    const item = new Item(id);
    items.set(id, item);
    policy.insert(item);
    while (items.size > size) {
      const victim = policy.victim();
      if (victim === undefined) throw new Error('nothing to evict');
      policy.remove(victim);
      items.delete(victim.id);
    }
  }
  return (100 * hits) / trace.length;
}

function simulateFifo(trace: readonly number[], size: number): number {
  const items = new Set<number>();
  let hits = 0;
  for (const id of trace) {
    if (items.has(id)) hits += 1;
    else items.add(id);
    if (items.size <= size) continue;
    for (const oldest of items) {
      items.delete(oldest);
      break;
    }
  }
  return (100 * hits) / trace.length;
}

/** Belady (1966): evict what is needed again last. A heap of next uses, with outdated records skipped. */
function simulateOptimum(trace: readonly number[], size: number): number {
  const nextUse = new Int32Array(trace.length);
  const seenAt = new Map<number, number>();
  for (let at = trace.length - 1; at >= 0; at--) {
    const id = trace[at] ?? 0;
    nextUse[at] = seenAt.get(id) ?? trace.length + at;
    seenAt.set(id, at);
  }
  const present = new Map<number, number>();
  const furthest = new MaxHeap();
  let hits = 0;
  trace.forEach((id, at) => {
    if (present.has(id)) hits += 1;
    const next = nextUse[at] ?? 0;
    present.set(id, next);
    furthest.push(next, id);
    while (present.size > size) {
      const [use, victim] = furthest.pop();
      if (present.get(victim) === use) present.delete(victim);
    }
  });
  return (100 * hits) / trace.length;
}

class MaxHeap {
  private readonly records: (readonly [number, number])[] = [];

  push(rank: number, id: number): void {
    const { records } = this;
    let at = records.length;
    records.push([rank, id]);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((records[parent]?.[0] ?? 0) >= rank) break;
      records[at] = records[parent] ?? [rank, id];
      at = parent;
    }
    records[at] = [rank, id];
  }

  pop(): readonly [number, number] {
    const { records } = this;
    const [first] = records;
    const last = records.pop();
    if (first === undefined || last === undefined) throw new Error('the heap is empty');
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= records.length) break;
      if ((records[child + 1]?.[0] ?? -1) > (records[child]?.[0] ?? -1)) child += 1;
      const record = records[child];
      if (record === undefined || record[0] <= last[0]) break;
      records[at] = record;
      at = child;
    }
    if (records.length > 0) records[at] = last;
    return first;
  }
}

const contenders: Record<string, (trace: readonly number[], size: number) => number> = {
  optimum: simulateOptimum,
  tinylfu: (trace, size) => simulate(trace, size, new TinyLfuPolicy(size)),
  lru: (trace, size) => simulate(trace, size, new LruPolicy()),
  fifo: simulateFifo,
  lfu: (trace, size) => simulate(trace, size, new LfuPolicy()),
};

function recorded(name: string): number[] | undefined {
  const places = ['../../shared/data/traces/', '../../../shared/data/traces/'];
  const file = places
    .map((place) => new URL(`${place}${name}.txt`, import.meta.url))
    .find((url) => existsSync(url));
  return file && readFileSync(file, 'utf8').trim().split('\n').map(Number);
}

const names = Object.keys(contenders);
const BAR = 40;
let worst = Number.POSITIVE_INFINITY;
console.log(`${'trace'.padEnd(22)}${'size'.padStart(6)}${names.map((name) => name.padStart(10)).join('')}`);
const charts: string[] = [];
for (const { name, sizes, requests } of traces(recorded)) {
  if (requests === undefined) {
    console.log(`${name.padEnd(22)} not found beside the checkout (../shared/data/traces)`);
    continue;
  }
  for (const size of sizes) {
    const ratios = names.map((contender) => contenders[contender]?.(requests, size) ?? 0);
    const [, tinylfu = 0, lru = 0] = ratios;
    worst = Math.min(worst, tinylfu - lru);
    console.log(
      `${name.padEnd(22)}${String(size).padStart(6)}${ratios.map((ratio) => ratio.toFixed(1).padStart(10)).join('')}`,
    );
    const bars = names.map((contender, index) => {
      const ratio = ratios[index] ?? 0;
      return `  ${contender.padEnd(8)}${'█'.repeat(Math.round((ratio / 100) * BAR)).padEnd(BAR)} ${ratio.toFixed(1)}`;
    });
    charts.push(`${name}, ${size} entries\n${bars.join('\n')}`);
  }
}
console.log(`\n${charts.join('\n\n')}`);
console.log(`\ntinylfu is at its worst ${worst.toFixed(1)} points ${worst < 0 ? 'below' : 'above'} lru`);
