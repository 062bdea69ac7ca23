/** What a command says when it fails: one message that names what is wrong and the fix. */
import { BroadsheetError, OperatorError } from '../errors.ts';

/** Failures of the operating system that have the same fix wherever they come up. */
const systemFixes: Record<string, string> = {
  EACCES: 'this user may not do that; check who owns it and its permissions',
  EPERM: 'this user may not do that; check who owns it and its permissions',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'this is a folder, and a file is needed',
  ENOSPC: 'the disk is full; free some space',
  EDQUOT: 'the disk quota is used up; free some space',
  EROFS: 'the file system is read-only; choose another place',
  EMFILE: 'too many open files; raise the limit (ulimit -n)',
};

/**
 * @returns a message without a stack for everything that an operator can mend; with the stack for the rest, which is a
 * fault of the program
 */
export function explainFailure(error: unknown): string {
  if (error instanceof OperatorError) return error.message;
  if (error instanceof BroadsheetError) return [error.message, ...inputProblems(error)].join('\n');
  if (!(error instanceof Error)) return `unexpected failure: ${String(error)}`;
  const { code, path } = systemDetails(error);
  const fix = systemFixes[code];
  if (fix) return path ? `${path}: ${fix} (${code}).` : `${fix} (${code}: ${error.message}).`;
  return `unexpected failure, please report it: ${error.stack ?? error.message}`;
}

/** `/email` of a body is the `--email` of the command line, but not everywhere, so only the word is shown. */
function inputProblems(error: BroadsheetError): string[] {
  return (error.errors ?? []).map(({ path, message }) => `  ${path.replace(/^\//, '')} ${message}`);
}

function systemDetails(error: Error): { code: string; path: string } {
  return {
    code: 'code' in error ? String(error.code) : '',
    path: 'path' in error ? String(error.path) : '',
  };
}
