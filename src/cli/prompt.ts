/** Asking a person at the terminal, and reading what a script pipes in. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { OperatorError } from '../errors.ts';

/** Whether there is somebody to ask. */
export function isInteractive(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Asks on standard error, so that standard output stays for results. @throws OperatorError after Ctrl-C or Ctrl-D */
export function ask(question: string): Promise<string> {
  return readAnswer(question, process.stderr);
}

/** Asks without showing what is typed. @throws OperatorError after Ctrl-C or Ctrl-D */
export async function askSecret(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  process.stderr.write(question);
  const answer = await readAnswer('', nowhere);
  process.stderr.write('\n');
  return answer;
}

async function readAnswer(question: string, output: NodeJS.WritableStream): Promise<string> {
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return await new Promise((resolve, reject) => {
      lines.once('SIGINT', () => reject(new OperatorError('cancelled; nothing was changed.')));
      lines.once('close', () => reject(new OperatorError('cancelled; nothing was changed.')));
      lines.question(question).then(resolve, reject);
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
