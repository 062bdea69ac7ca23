/** What `npm test` says last, and how it exits, for test files that go well or break in their ways. */
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../scripts/command.ts';
import { runProgram, userEnvironment } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const passing = "it('passes', () => {});\n";

/** Runs the test script in a folder that holds one test file with `source`. */
async function npmTest(source: string, filter = 'sample') {
  const folder = await temporaryFolder({
    'package.json': '{ "type": "module" }',
    'sample.test.ts': `import { beforeAll, describe, expect, it } from 'vitest';\n${source}`,
  });
  await symlink(join(root, 'node_modules'), join(folder.path, 'node_modules'));
  const env = { ...userEnvironment(), NO_COLOR: '1' };
  const script = join(root, 'scripts/test.ts');
  const { code, stdout } = await runProgram(process.execPath, [script, filter], { cwd: folder.path, env });
  return { code, lastLine: stdout.split('\n').at(-2) };
}

it.each([
  [
    'passed and skipped tests',
    `${passing}it.skip('skipped', () => {});\nit.todo('later');\n`,
    '1 passed, 0 failed, 2 skipped',
  ],
  ['an expected failure', "it.fails('fails', () => expect(1).toBe(2));\n", '1 passed, 0 failed, 0 skipped'],
])('exits with 0 for %s', async (_name, source, lastLine) => {
  expect(await npmTest(source)).toEqual({ code: 0, lastLine });
});

it.each([
  ['a failed test', `${passing}it('fails', () => expect(1).toBe(2));\n`, '1 passed, 1 failed, 0 skipped'],
  ['a file that breaks', `${passing}throw new Error('broken');\n`, '0 passed, 1 failed, 0 skipped'],
  [
    'a hook that breaks',
    `describe('a', () => {\n  beforeAll(() => expect(1).toBe(2));\n  ${passing}});\n`,
    '0 passed, 1 failed, 1 skipped',
  ],
  [
    'an error that no test caught',
    "it('passes', () => void Promise.reject(new Error('uncaught')));\n",
    '1 passed, 1 failed, 0 skipped',
  ],
  ['a file without tests', '', '0 passed, 1 failed, 0 skipped'],
])('exits with 1 for %s', async (_name, source, lastLine) => {
  expect(await npmTest(source)).toEqual({ code: 1, lastLine });
});

it('exits with 1 when no file matches', async () => {
  expect(await npmTest(passing, 'nothing-like-it')).toEqual({
    code: 1,
    lastLine: '0 passed, 1 failed, 0 skipped',
  });
});
