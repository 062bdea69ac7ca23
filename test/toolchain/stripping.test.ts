/** The check that the sources run as they are, tried on sources that don't. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../scripts/command.ts';
import { runProgram } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function check(files: Record<string, string>) {
  const folder = await temporaryFolder({ 'package.json': '{ "type": "module" }', ...files });
  const script = join(root, 'scripts/check-stripping.ts');
  return runProgram(process.execPath, ['--disable-warning=ExperimentalWarning', script, folder.path]);
}

it('accepts types that can be stripped', async () => {
  const { code, output } = await check({ 'src/a.ts': 'export const one: number = 1;\n' });
  expect(output).toBe('');
  expect(code).toBe(0);
});

it.each([
  ['an enum', { 'src/a.ts': 'export enum Colour { Red }\n' }],
  ['a parameter property', { 'src/a.ts': 'export class A { constructor(readonly b: string) {} }\n' }],
  [
    'a type that is imported as a value',
    {
      'src/a.ts': "import { B } from './b.ts';\nexport type A = B;\n",
      'src/b.ts': 'export interface B {}\n',
    },
  ],
  ['a module that breaks when it is imported', { 'src/a.ts': 'throw new Error("broken");\n' }],
])('refuses %s, naming the file', async (_kind, files) => {
  const { code, output } = await check(files);
  expect(output).toMatch(/^src\/a\.ts: /);
  expect(code).toBe(1);
});

it('only strips entries and the bodies of workers, which act when they are imported', async () => {
  const { code } = await check({
    'src/main.ts': 'process.exit(3);\n',
    'src/database/write-worker.ts': 'process.exit(3);\n',
  });
  expect(code).toBe(0);
});
