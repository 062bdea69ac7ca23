/**
 * Breaks one protection of the cache at a time, in a copy, and sees whether the tests notice:
 * `node test/cache/mutations.ts [NAME…]`. docs/cache.md lists what each stands for.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const mutations: readonly Mutation[] = [
  {
    name: 'a fill is stored in memory whatever was invalidated meanwhile',
    file: 'src/cache/loader.ts',
    find: 'fence.isClear(draft.key, draft.scopes, draft.since) &&',
    replace: '',
  },
  {
    name: 'a fill is stored in the shared tier whatever was invalidated meanwhile',
    file: 'test/cache/harness/fake-server.ts',
    find: "if (isFenced || !this.isClear(control, since, request.scopes)) return 'fenced';",
    replace: '',
  },
  {
    name: 'an older fill replaces a newer value',
    file: 'src/cache/flights.ts',
    find: 'return this.groups.size > 0 && (this.groups.get(key)?.newestStored ?? 0) > order;',
    replace: 'return false;',
  },
  {
    name: 'an explicit value is stored though an invalidation overtook it',
    file: 'test/cache/harness/fake-server.ts',
    find: 'if (!isCurrent) return positionOf(control);',
    replace: '',
  },
  {
    name: 'a copy is used though this node is just invalidating it',
    file: 'src/cache/coherence/unsettled.ts',
    find: 'allows(key: string, scopes: readonly string[], mark: number): boolean {',
    replace: '$&\n    if (mark >= 0) return true;',
  },
  {
    name: 'a request joins a fill from before an invalidation',
    file: 'src/cache/flights.ts',
    find: 'return this.fence.isClear(key, scopes, flight.since) ? flight : undefined;',
    replace: 'return flight;',
  },
  {
    name: 'a request joins a fill from before the invalidation of a tag',
    file: 'src/cache/flights.ts',
    find: '|| this.fence.hasTagSince(flight.since)',
    replace: '',
  },
  {
    name: 'a gap in the bus goes unnoticed',
    file: 'src/cache/coherence/shared-link.ts',
    find: 'position.sequence === known.sequence + 1',
    replace: 'position.sequence > known.sequence',
  },
  {
    name: 'what a node missed is not applied',
    file: 'src/cache/coherence/shared-link.ts',
    find: 'if (isContinued) target.apply(reply.missed ?? []);',
    replace: 'if (isContinued) target.apply([]);',
  },
  {
    name: 'a lost history is not noticed',
    file: 'src/cache/coherence/shared-link.ts',
    find: 'else target.historyLost();',
    replace: '',
  },
  {
    name: 'an invalidation that could not be delivered is forgotten',
    file: 'src/cache/coherence/shared-link.ts',
    find: '} catch {\n      this.pending.add(invalidation);',
    replace: '} catch {',
  },
  {
    name: 'the store is believed before outstanding invalidations are delivered',
    file: 'src/cache/coherence/shared-link.ts',
    find: 'if (!(await this.flush()) || ',
    replace: 'if (',
  },
  {
    name: 'a store that went back in time is believed',
    file: 'test/cache/harness/fake-server.ts',
    find: 'current === undefined || current.run !== this.run || isRewound',
    replace: 'current === undefined',
  },
  {
    name: 'the change log is not followed',
    file: 'src/cache/coherence/change-follower.ts',
    find: 'if (news.length > 0) this.target.apply(invalidation.scopes);',
    replace: '',
  },
  {
    name: 'memory is trusted however long nobody has vouched for it',
    file: 'src/cache/coherence/coherence.ts',
    find: 'isInTouch ? Number.NEGATIVE_INFINITY : now - UNVERIFIED_MS',
    replace: 'Number.NEGATIVE_INFINITY',
  },
  {
    name: 'a hung fill has no deadline',
    file: 'src/cache/fill.ts',
    find: 'const timer = clock.schedule(milliseconds, () => {',
    replace: 'const timer = clock.schedule(Number.MAX_VALUE, () => {',
  },
  {
    name: 'a pattern does not reach memory',
    file: 'src/cache/memory/tier.ts',
    find: 'else this.scopes.invalidate(scope, tick);',
    replace: "else if (scope.startsWith('t|')) this.scopes.invalidate(scope, tick);",
  },
  {
    name: 'an invalidated entry stands in when the fill fails',
    file: 'src/cache/manager.ts',
    find: '&& this.fence.isClear(entry.key, entry.scopes, mark)',
    replace: '&& mark >= 0',
  },
];

const root = fileURLToPath(new URL('../../', import.meta.url));
const wanted = process.argv.slice(2);
const config = `export default { test: { include: ['src/cache/manager.test.ts', 'test/cache/scenarios.test.ts', 'test/cache/interleaving.test.ts'], testTimeout: 5000 } };`;

function survives({ file, find, replace }: Mutation): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'cache-mutation-'));
  try {
    for (const part of ['src/cache', 'src/errors.ts', 'test/cache', 'package.json']) {
      cpSync(join(root, part), join(folder, part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'vitest.config.ts'), config);
    const path = join(folder, file);
    const source = readFileSync(path, 'utf8');
    if (!source.includes(find)) throw new Error(`${file} no longer has: ${find}`);
    writeFileSync(path, source.replace(find, replace));
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const run = spawnSync(process.execPath, [vitest, 'run', '--bail', '1'], {
      cwd: folder,
      env: { ...process.env, INTERLEAVING_RUNS: process.env['INTERLEAVING_RUNS'] ?? '4000' },
    });
    return run.status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (!survives({ name: 'nothing', file: 'package.json', find: '{', replace: '{' })) {
  throw new Error('the tests fail though nothing is broken');
}
let survivors = 0;
for (const mutation of mutations) {
  if (wanted.length > 0 && !wanted.some((word) => mutation.name.includes(word))) continue;
  const hasSurvived = survives(mutation);
  if (hasSurvived) survivors += 1;
  console.log(`${hasSurvived ? 'SURVIVED' : 'noticed '}  ${mutation.name}`);
}
process.exitCode = survivors === 0 ? 0 : 1;
