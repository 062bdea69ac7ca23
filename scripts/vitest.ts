/** Runs the test files and counts what came of them. */
import { startVitest, type TestModule } from 'vitest/node';

export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Runs the test files whose path contains one of `filters` (all without any). A file or a hook that breaks counts as
 * a failure, and so does an error that no test caught.
 */
export async function runTests(filters: string[]): Promise<TestCounts> {
  process.exitCode = 0;
  const vitest = await startVitest('test', filters, { run: true, watch: false });
  const counts = countTests(vitest.state.getTestModules());
  counts.failed += vitest.state.getUnhandledErrors().length;
  await vitest.close();
  // Whatever else went wrong, such as a set-up that failed or no file that matched, shows in the exit code only.
  if (process.exitCode !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

function countTests(modules: TestModule[]): TestCounts {
  const counts: TestCounts = { passed: 0, failed: 0, skipped: 0 };
  for (const module of modules) {
    counts.failed += module.errors().length;
    for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      counts[state === 'pending' ? 'failed' : state] += 1;
    }
  }
  return counts;
}
