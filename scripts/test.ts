/**
 * `npm test`: everything that must hold, then one line `N passed, N failed, N skipped`.
 *
 *   npm test                 static checks and all tests
 *   npm test -- src/blog     only the test files whose path contains src/blog
 *   npm run check            only the static checks
 *
 * A static check counts as one test. It goes on after a failure, so that one run shows all.
 */
import { styleText } from 'node:util';
import { type CommandResult, runNode, runTool } from './command.ts';
import type { TestCounts } from './vitest.ts';

const staticChecks: Record<string, () => Promise<CommandResult>> = {
  'Formatting and lint': () => runTool('biome', 'check', '--error-on-warnings', '.'),
  Types: () => runTool('tsc', '--pretty', String(process.stdout.isTTY === true)),
  'Import directions': () => runTool('depcruise', 'src'),
  'Sources run as they are': () =>
    runNode(['--disable-warning=ExperimentalWarning', 'scripts/check-stripping.ts']),
};

const startedAt = performance.now();
const words = process.argv.slice(2);
const filters = words.filter((word) => word !== '--static');
const counts: TestCounts = { passed: 0, failed: 0, skipped: 0 };
if (filters.length === 0) await runStaticChecks();
if (!words.includes('--static')) add(await runTests());
if (counts.passed + counts.failed === 0) counts.failed = 1;

console.log(`\nFinished in ${seconds(startedAt)}`);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed > 0 ? 1 : 0);

/** Vitest decides about colours when it is loaded, and takes a pipe for a terminal. */
async function runTests(): Promise<TestCounts> {
  if (!process.stdout.isTTY && process.env['FORCE_COLOR'] === undefined) process.env['NO_COLOR'] = '1';
  const vitest = await import('./vitest.ts');
  return vitest.runTests(filters);
}

async function runStaticChecks(): Promise<void> {
  for (const [name, check] of Object.entries(staticChecks)) {
    const began = performance.now();
    const { ok, output } = await check();
    add(ok ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 });
    const mark = ok ? styleText('green', '✓') : styleText('red', '✗');
    console.log(`${mark} ${name} ${styleText('dim', seconds(began))}`);
    if (!ok) console.log(`${output.trimEnd()}\n`);
  }
}

function add({ passed, failed, skipped }: TestCounts): void {
  counts.passed += passed;
  counts.failed += failed;
  counts.skipped += skipped;
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
