/** The package as its users get it: packed, installed into an empty project, compiled against and run. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { root } from '../../scripts/command.ts';
import { runProgram, userEnvironment } from '../support/program.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

const consumer = `
import {
  BroadsheetError,
  type CacheConfig,
  type Config,
  createBlogSystem,
  type DatabaseConfig,
  type PerformanceConfig,
} from 'broadsheet';

const database: Partial<DatabaseConfig> = { url: 'sqlite:blog.db' };
const cache: Partial<CacheConfig> = { memoryMb: 8 };
const performance: Partial<PerformanceConfig> = { rateLimitRequests: 0 };
const blog = await createBlogSystem({ database, cache, performance, log: { level: 'silent' } });
const settings: Config = blog.config;
const created = await blog.posts.create({ title: 'Hello', content: '# Hi', tags: ['first'] });
const page = await blog.posts.list({ limit: 10, offset: 0 });
const titles: string[] = page.posts.map((post) => post.title);
const missing = await blog.posts.find('nowhere').catch((error: unknown) => error);
const code = missing instanceof BroadsheetError ? missing.code : 'none';
const home = await blog.http.inject({ url: '/' });
const style = /<link rel="stylesheet" href="([^"]+)"/.exec(home.body)?.[1] ?? '';
const urls = [\`/posts/\${created.slug}\`, \`/\${created.slug}/\`, style, '/openapi.json'];
const statuses: number[] = [];
for (const url of urls) statuses.push((await blog.http.inject({ url })).statusCode);
console.log(JSON.stringify({ titles, total: page.total, code, statuses, port: settings.http.port }));
await blog.close();
`;

const consumerFiles = {
  'package.json': JSON.stringify({ name: 'consumer', version: '1.0.0', private: true, type: 'module' }),
  'consumer.ts': consumer,
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'es2024',
      module: 'nodenext',
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
    },
  }),
};

describe('the published package', () => {
  let folder: TemporaryFolder;

  beforeAll(async () => {
    folder = await createTemporaryFolder();
    await folder.write(consumerFiles);
    await run('npm', ['pack', '--pack-destination', folder.path], root);
    const types = `@types/node@${manifest.devDependencies['@types/node']}`;
    const tarball = `./${manifest.name}-${manifest.version}.tgz`;
    await run('npm', ['install', '--prefer-offline', '--loglevel=error', tarball, types]);
  }, 240_000);
  afterAll(() => folder.remove());

  /** Runs a program in the consumer's project; throws with its output when it fails. */
  async function run(command: string, args: string[], cwd = folder.path): Promise<string> {
    const { code, stdout, output } = await runProgram(command, args, { cwd, env: userEnvironment() });
    if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
    return stdout;
  }

  it('holds what runs, and neither tests, sources, tools nor a Node.js binary', async () => {
    const listing = await run('tar', ['-tzf', `${manifest.name}-${manifest.version}.tgz`]);
    const paths = listing.trim().split('\n');
    const expected = /^package\/(dist\/.+|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
    expect(paths.filter((path) => !expected.test(path))).toEqual([]);
    expect(
      paths.filter((path) => /\.test\.|testing|fixtures|__snapshots__|(?<!\.d)\.ts$/.test(path)),
    ).toEqual([]);
    expect(paths).toContain('package/dist/index.d.ts');
    const installed = await run('npm', ['ls', '--all', '--parseable']);
    expect(installed).not.toMatch(/node_modules\/(node-bin-|node-(linux|darwin|win)-)/);
  });

  it('compiles under strict settings, libraries included, and runs', { timeout: 120_000 }, async () => {
    await run(process.execPath, [join(root, 'bootstrap.mjs'), '--bin', 'tsc', '--project', folder.path]);
    const stdout = await run(process.execPath, ['consumer.js']);
    const report: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(report).toEqual({
      titles: ['Hello'],
      total: 1,
      code: 'post_not_found',
      statuses: [200, 200, 200, 200],
      port: 8000,
    });
  });

  it('brings the broadsheet command', async () => {
    expect(await run('npx', ['--no-install', 'broadsheet', '--version'])).toContain(manifest.version);
  });
});
