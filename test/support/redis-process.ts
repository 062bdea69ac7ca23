/** Redis processes of any kind for tests of topologies: with TLS, in a Cluster, as replicas and as Sentinels. */
import { createServer } from 'node:net';
import { inject } from 'vitest';
import { freePort } from './free-port.ts';
import { type RunningProgram, runProgram, startProgram } from './program.ts';
import { findOnPath } from './system-programs.ts';
import { createTemporaryFolder, type TemporaryFolder } from './temporary-folder.ts';

const program = inject('programs')['redis-server'];

/** False where no Redis can be started: `describe.skipIf(!canStartRedis)`. */
export const canStartRedis = program !== null;

/** Redis processes that share a folder; `close` ends those that still run, and removes it. */
export class RedisProcesses implements AsyncDisposable {
  readonly folder: TemporaryFolder;
  private readonly running = new Set<RunningProgram>();

  private constructor(folder: TemporaryFolder) {
    this.folder = folder;
  }

  static async create(): Promise<RedisProcesses> {
    return new RedisProcesses(await createTemporaryFolder());
  }

  /** Starts `redis-server` without persistence, in a folder of its own. @param options as on its command line */
  async start(name: string, options: readonly string[]): Promise<RunningProgram> {
    if (!program) throw new Error('redis-server is missing; skip the test unless canStartRedis');
    await this.folder.write({ [`${name}/redis.conf`]: 'bind 127.0.0.1\nsave ""\nappendonly no\n' });
    const home = `${this.folder.path}/${name}`;
    const server = startProgram(program, [`${home}/redis.conf`, '--dir', home, ...options]);
    this.running.add(server);
    await server.printed(/ready to accept connections|Sentinel ID is/i);
    return server;
  }

  async close(): Promise<void> {
    await Promise.all([...this.running].map((server) => server.stop('SIGKILL')));
    await this.folder.remove();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A free port whose Cluster bus, 10,000 above it, is free too. */
export async function freeClusterPort(): Promise<number> {
  for (;;) {
    const port = (await freePort()) - 10_000;
    if (port > 1024 && port < 50_000 && (await isFree(port))) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  server.once('error', () => resolve(false));
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  return await promise;
}

/** Why TLS can't be tried here, or null: it takes `openssl`, and a Redis that was built with TLS. */
export async function missingForTls(): Promise<string | null> {
  if (program === null) return 'redis-server is missing';
  if (findOnPath(['openssl']) === null) return 'openssl is missing';
  // Without TLS the option is unknown; with it, the missing certificate is what the server complains of.
  const { output } = await runProgram(program, ['--port', '0', '--tls-port', '1']);
  return /bad directive|unrecognized|without TLS/i.test(output) ? 'redis-server was built without TLS' : null;
}

/** Makes `NAME.key` and `NAME.pem`, a certificate for localhost, and its own authority. */
export async function makeCertificate(folder: TemporaryFolder, name: string): Promise<string> {
  const file = `${folder.path}/${name}`;
  const key = [
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${file}.key`,
    '-out',
    `${file}.pem`,
    '-days',
    '2',
  ];
  // It is issued to the name only: who compares it with an IP address refuses it.
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const { code, output } = await runProgram('openssl', ['req', '-x509', ...key, ...subject]);
  if (code !== 0) throw new Error(output);
  return file;
}
