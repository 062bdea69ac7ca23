/** The lockfile must install on every platform and from whatever registry its reader uses. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../scripts/command.ts';
import { type Lockfile, missingPackages } from '../../scripts/lockfile.ts';

const lockfile: Lockfile = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));

it('lists the packages of every platform (`npm run lockfile` adds what is missing)', () => {
  expect(missingPackages(lockfile).map(({ name, version }) => `${name}@${version}`)).toEqual([]);
});

it('holds no address of a registry', () => {
  const addresses = Object.entries(lockfile.packages).filter(([, { resolved }]) =>
    resolved?.startsWith('http'),
  );
  expect(addresses.map(([folder]) => folder)).toEqual([]);
});

it('brings a Node.js binary for each platform, and only as a tool of the checkout', () => {
  const binaries = Object.keys(lockfile.packages).filter((folder) =>
    /^node_modules\/node-(bin-)?\w+-\w+$/.test(folder),
  );
  expect(binaries.map((folder) => folder.replace(/.*node-(bin-)?/, '')).sort()).toEqual([
    'darwin-arm64',
    'darwin-x64',
    'linux-arm64',
    'linux-x64',
    'win-x64',
  ]);
  expect(lockfile.packages['']?.optionalDependencies ?? {}).toEqual({});
});
