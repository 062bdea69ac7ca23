/** A real Redis for tests: the one of TEST_REDIS_URL, or one that is started on a free port. */
import { inject } from 'vitest';
import { freePort } from './free-port.ts';
import { type RunningProgram, startProgram } from './program.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

const sharedUrl = process.env['TEST_REDIS_URL'];
const program = inject('programs')['redis-server'];

/** False where there is no Redis at all: `describe.skipIf(!hasRedis)`. */
export const hasRedis = sharedUrl !== undefined || program !== null;

/** False where tests may not stop or pause the Redis that they use: it is somebody else's, or there is none. */
export const canBreakRedis = sharedUrl === undefined && program !== null;

export interface RedisServer {
  readonly url: string;
  /** Stops answering but keeps connections open, as a hanging host does. */
  pause(): void;
  resume(): void;
  /** Ends it at once; what it held is lost. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a Redis without persistence, for one test file. The caller stops it. */
export async function startRedis(): Promise<RedisServer> {
  if (sharedUrl !== undefined) return borrowed(sharedUrl);
  const folder = await createTemporaryFolder();
  const port = await freePort();
  let server = await launch(port, folder.path);
  const kill = async () => {
    await server.stop('SIGKILL');
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    pause: () => server.child.kill('SIGSTOP'),
    resume: () => server.child.kill('SIGCONT'),
    kill,
    async restart() {
      await kill();
      server = await launch(port, folder.path);
    },
    async stop() {
      await kill();
      await folder.remove();
    },
  };
}

async function launch(port: number, folder: string): Promise<RunningProgram> {
  if (!program) throw new Error('redis-server is missing; skip the test unless hasRedis');
  const options = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder];
  const server = startProgram(program, [...options, '--save', '', '--appendonly', 'no']);
  await server.printed(/ready to accept connections/i);
  return server;
}

function borrowed(url: string): RedisServer {
  const refuse = () => {
    throw new Error('this Redis is not ours to break; skip the test unless canBreakRedis');
  };
  return { url, pause: refuse, resume: refuse, kill: refuse, restart: refuse, stop: async () => undefined };
}
