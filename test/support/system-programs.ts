/** Programs that tests need and npm can't bring. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export const programNames = ['chromium', 'redis-server'] as const;
export type ProgramName = (typeof programNames)[number];

/** How each program is called: its names on PATH, and its package on Debian and its kin. */
const programs: Record<ProgramName, { commands: string[]; package: string }> = {
  chromium: { commands: ['chromium', 'chromium-browser', 'google-chrome', 'chrome'], package: 'chromium' },
  'redis-server': { commands: ['redis-server', 'valkey-server'], package: 'redis-server' },
};

/**
 * The path of a program: from PATH, else installed by apt where this process may, else null after one line that says
 * what to install; the tests that need it are skipped then.
 */
export function ensureProgram(name: ProgramName): string | null {
  const { commands, package: debianPackage } = programs[name];
  const found = findOnPath(commands) ?? (aptInstall(debianPackage) ? findOnPath(commands) : null);
  if (!found) console.warn(`Tests that need ${name} are skipped: install it (Debian: ${debianPackage}).`);
  return found;
}

/** The first executable file in the folders of `path` that has one of the names, or null. */
export function findOnPath(commands: string[], path = process.env['PATH'] ?? ''): string | null {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const candidates = commands.flatMap((command) => folders.map((folder) => join(folder, command + suffix)));
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function aptInstall(name: string): boolean {
  if (process.getuid?.() !== 0 || !findOnPath(['apt-get'])) return false;
  console.warn(`Installing ${name} with apt-get …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      env,
      stdio: ['ignore', 'ignore', 2],
    }).status === 0;
  return apt('update') && apt('install', '-y', '--no-install-recommends', name);
}
