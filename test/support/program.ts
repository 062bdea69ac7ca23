/** Runs programs as a user would, from outside. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

export interface ProgramResult {
  /** Exit code; null if a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Standard output and standard error, in the order in which they came. */
  output: string;
  stdout: string;
}

export interface RunningProgram {
  readonly child: ChildProcess;
  readonly pid: number;
  /** What it printed so far. */
  output(): string;
  /** Resolves with the first match of `pattern` in what it prints; rejects when it ends without one. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves when it has ended and all its output is read. */
  readonly ended: Promise<ProgramResult>;
  /** Asks it to stop (SIGTERM unless another signal is named) and waits for its end. */
  stop(signal?: NodeJS.Signals): Promise<ProgramResult>;
}

/** Starts a program; its standard input is empty. The caller stops it. */
export function startProgram(command: string, args: string[], options: SpawnOptions = {}): RunningProgram {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('its output is piped');
  let output = '';
  let standardOutput = '';
  const listeners = new Set<() => void>();
  const collect = (chunk: string) => {
    output += chunk;
    for (const listener of listeners) listener();
  };
  stdout.setEncoding('utf8').on('data', (chunk: string) => {
    standardOutput += chunk;
    collect(chunk);
  });
  stderr.setEncoding('utf8').on('data', collect);
  const killAtExit = () => child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const ended = new Promise<ProgramResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('exit', killAtExit);
      resolve({ code, signal, output, stdout: standardOutput });
    });
  });
  ended.catch(() => undefined);
  return {
    child,
    pid: child.pid ?? 0,
    output: () => output,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output);
          if (match) settle(() => resolve(match));
        };
        const settle = (outcome: () => void) => {
          listeners.delete(look);
          outcome();
        };
        listeners.add(look);
        look();
        ended.then(
          () => settle(() => reject(new Error(`it ended without printing ${pattern}:\n${output}`))),
          (error: unknown) => settle(() => reject(error)),
        );
      }),
    ended,
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}

/** Runs a program to its end. */
export function runProgram(command: string, args: string[], options?: SpawnOptions): Promise<ProgramResult> {
  return startProgram(command, args, options).ended;
}

/**
 * The environment of this process without what `npm test` and Vitest put there, so that a program behaves as if a
 * user had started it somewhere else. npm's own settings (registry, cache) stay.
 */
export function userEnvironment(): NodeJS.ProcessEnv {
  const added =
    /^(npm_(package|lifecycle|command|config_local_prefix)|INIT_CWD$|NODE_ENV$|VITEST|TEST$|DEV$|PROD$|MODE$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !added.test(name)));
}
