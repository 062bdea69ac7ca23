/**
 * `npm run build`: the published form in `dist`, ES modules with their types beside them, and whatever else of `src`
 * the program reads while it runs (themes, styles, fonts).
 */
import { chmod, copyFile, glob, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { root, runTool } from './command.ts';

const dist = join(root, 'dist');

await rm(dist, { recursive: true, force: true });
const { ok, output } = await runTool('tsc', '--project', 'tsconfig.build.json');
if (!ok) {
  console.error(output);
  process.exit(1);
}
for (const path of await assets()) {
  await mkdir(dirname(join(dist, path)), { recursive: true });
  await copyFile(join(root, 'src', path), join(dist, path));
}
await chmod(join(dist, 'main.js'), 0o755);

/** Files of `src`, besides TypeScript and what only tests read. */
async function assets(): Promise<string[]> {
  const entries = await Array.fromAsync(glob('**/*', { cwd: join(root, 'src'), withFileTypes: true }));
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, 'src').length + 1))
    .filter((path) => !/(^|[\\/])(fixtures|__snapshots__|testing)[\\/]/.test(path));
}
