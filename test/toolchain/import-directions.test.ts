/** The check of import directions is only worth something if it sees every kind of import in TypeScript. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../scripts/command.ts';
import { runProgram } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Runs the check on a folder that has only `files`, under the rules of this project. */
async function cruise(files: Record<string, string>) {
  const folder = await temporaryFolder({
    'package.json': '{ "name": "fixture", "type": "module" }',
    'src/blog/posts/service.ts': 'export interface Post { id: string }\nexport const posts = 1;\n',
    ...files,
  });
  const rules = join(root, '.dependency-cruiser.cjs');
  const bootstrap = join(root, 'bootstrap.mjs');
  return runProgram(process.execPath, [bootstrap, '--bin', 'depcruise', '--config', rules, 'src'], {
    cwd: folder.path,
  });
}

it.each([
  ['a value', "import { posts } from '../blog/posts/service.ts';\nexport const count = posts;\n"],
  ['a type', "import type { Post } from '../blog/posts/service.ts';\nexport type Row = Post;\n"],
  ['a type among values', "import { type Post } from '../blog/posts/service.ts';\nexport type Row = Post;\n"],
  ['a re-export', "export { posts } from '../blog/posts/service.ts';\n"],
  ['a re-exported type', "export type { Post } from '../blog/posts/service.ts';\n"],
  ['a dynamic import', "export const load = () => import('../blog/posts/service.ts');\n"],
])('refuses %s from a layer above', async (_kind, source) => {
  const { code, output } = await cruise({ 'src/config/loader.ts': source });
  expect(output).toContain('config-imports-only-what-it-may');
  expect(code).not.toBe(0);
});

it('refuses a cycle, and the database outside repositories', async () => {
  const { code, output } = await cruise({
    'src/database/manager.ts': 'export interface Manager { kind: string }\n',
    'src/blog/tags/service.ts':
      "import type { Manager } from '../../database/manager.ts';\nexport type M = Manager;\n",
    'src/blog/tags/a.ts': "import { b } from './b.ts';\nexport const a = () => b;\n",
    'src/blog/tags/b.ts': "import { a } from './a.ts';\nexport const b = () => a;\n",
  });
  expect(output).toContain('only-repositories-touch-the-database');
  expect(output).toContain('no-cycles');
  expect(code).not.toBe(0);
});

it('refuses test code in the product, and lets tests use it', async () => {
  const files = {
    'src/cache/testing/fake-clock.ts': 'export const now = 0;\n',
    'src/cache/tier.test.ts': "import { now } from './testing/fake-clock.ts';\nexport const start = now;\n",
  };
  expect(await cruise(files)).toMatchObject({ code: 0 });
  const { code, output } = await cruise({
    ...files,
    'src/cache/tier.ts': "import { now } from './testing/fake-clock.ts';\nexport const start = now;\n",
  });
  expect(output).toContain('test-code-stays-out-of-the-product');
  expect(code).not.toBe(0);
});

it('accepts imports that point down, without a warning', async () => {
  const { code, output } = await cruise({
    'src/site/pages.ts': "import { posts } from '../blog/posts/service.ts';\nexport const count = posts;\n",
  });
  expect(output).toMatch(/^\s*✔ no dependency violations found \(2 modules, 1 dependencies cruised\)\s*$/);
  expect(code).toBe(0);
});
