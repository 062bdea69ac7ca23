/** Asking a person at the terminal, and reading what a script pipes in. */
import { createInterface, type Interface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { OperatorError } from '../errors.ts';

/** Whether there is somebody to ask. */
export function isInteractive(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Asks on standard error, so that standard output stays for results. @throws OperatorError after Ctrl-C or Ctrl-D */
export function ask(question: string): Promise<string> {
  return readAnswer(process.stderr, (lines) => lines.question(question));
}

/** Asks without showing what is typed. @throws OperatorError after Ctrl-C or Ctrl-D */
export async function askSecret(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    return await readAnswer(nowhere, (lines) => {
      // Only now, when the terminal has stopped to echo: somebody may type, or paste, at once.
      process.stderr.write(question);
      return lines.question('');
    });
  } finally {
    process.stderr.write('\n');
  }
}

async function readAnswer(
  output: NodeJS.WritableStream,
  begin: (lines: Interface) => Promise<string>,
): Promise<string> {
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return await new Promise((resolve, reject) => {
      const cancel = (): void => reject(new OperatorError('cancelled; nothing was changed.'));
      lines.once('SIGINT', cancel).once('close', cancel);
      begin(lines).then(resolve, reject);
    });
  } finally {
    lines.close();
  }
}

/** All of standard input, without the line break at its end. */
export async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}
