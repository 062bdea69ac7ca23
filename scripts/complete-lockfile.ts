/**
 * `npm run lockfile`: lists the packages of every platform in package-lock.json.
 *
 * npm leaves out optional packages that it can't fetch while it resolves, as behind a registry mirror that has only
 * its own platform's; `npm ci` then refuses the lockfile on every machine. An entry needs just its version and its
 * platform, which these packages have in their names; npm fetches none of another platform.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './command.ts';
import { type LockedPackage, type Lockfile, missingPackages } from './lockfile.ts';

const path = join(root, 'package-lock.json');
const lockfile: Lockfile = JSON.parse(await readFile(path, 'utf8'));
const missing = missingPackages(lockfile).map(({ name, version, parent }) => {
  console.log(`added ${name}@${version}`);
  return [`node_modules/${name}`, entryOf(name, version, parent)] as const;
});
const { '': project, ...packages } = lockfile.packages;
const sorted = Object.entries({ ...packages, ...Object.fromEntries(missing) }).sort(([a], [b]) =>
  a < b ? -1 : 1,
);
const complete = { ...lockfile, packages: Object.fromEntries([['', project], ...sorted]) };
await writeFile(path, `${JSON.stringify(complete, null, 2)}\n`);

function entryOf(name: string, version: string, parent: LockedPackage): LockedPackage {
  const os = /android|darwin|freebsd|linux|win32/.exec(name)?.[0];
  const cpu = /arm64|arm|x64|ia32|ppc64|s390x|riscv64/.exec(name)?.[0];
  if (!os || !cpu || /[<>=^~*|]/.test(version)) {
    throw new Error(`can't tell the platform or version of ${name}@${version} from its name`);
  }
  const libc = os === 'linux' ? { libc: [name.includes('musl') ? 'musl' : 'glibc'] } : {};
  return { version, cpu: [cpu], ...(parent.dev ? { dev: true } : {}), ...libc, optional: true, os: [os] };
}
