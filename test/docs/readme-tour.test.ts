/** The tour of the README, command by command, against a blog that is started as the README says. */
import { readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../scripts/command.ts';
import { freePort } from '../support/free-port.ts';
import { runProgram, startProgram } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { moveTour, parseTour, tourProblems, tourScript } from '../support/tour.ts';

const readme = join(root, 'README.md');

it('the tour of the README works as written', { timeout: 120_000 }, async () => {
  const port = await freePort();
  const tour = moveTour(parseTour(await readFile(readme, 'utf8')), port);
  expect(tour.steps).not.toHaveLength(0);

  const folder = await checkoutWithoutData();
  const env = { ...process.env, PORT: String(port) };
  const blog = startProgram('bash', ['-c', `exec ${tour.start}`], { cwd: folder, env, detached: true });
  try {
    await blog.printed(new RegExp(`http://[^ ]+:${port}`));
    const { output } = await runProgram('bash', ['-c', tourScript(tour)], { cwd: folder, env });
    expect(tourProblems(tour, output)).toEqual([]);
  } finally {
    // npm and a shell stand between: the signal goes to the whole group, as from a terminal.
    if (blog.child.exitCode === null) process.kill(-blog.pid, 'SIGTERM');
    await blog.ended;
  }
});

/** A folder that looks like a fresh checkout and whose data are its own. */
async function checkoutWithoutData(): Promise<string> {
  const folder = await temporaryFolder();
  const isOwn = /^(data|dist|tmp|\.git|\.env|broadsheet\.config\..*)$/;
  for (const name of await readdir(root)) {
    if (!isOwn.test(name)) await symlink(join(root, name), join(folder.path, name));
  }
  return folder.path;
}
