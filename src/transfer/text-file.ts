/** Reading text that somebody else wrote: nothing is taken for UTF-8 that is not. */
import { isUtf8 } from 'node:buffer';
import { ItemError } from './report.ts';

const newline = 0x0a;

/**
 * Decodes a whole file and drops a byte order mark.
 *
 * @throws ItemError with the line, when the bytes are not UTF-8 or contain NUL.
 */
export function decodeText(bytes: Buffer): string {
  if (bytes.length >= 2 && (bytes.readUInt16BE(0) === 0xfeff || bytes.readUInt16BE(0) === 0xfffe)) {
    throw new ItemError('the file is UTF-16; save it as UTF-8', 1);
  }
  const nul = bytes.indexOf(0);
  if (nul !== -1)
    throw new ItemError('contains a NUL byte, so it is not a text file', lineOfByte(bytes, nul));
  if (!isUtf8(bytes))
    throw new ItemError('is not valid UTF-8; save the file as UTF-8', firstInvalidLine(bytes));
  const text = bytes.toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** The 1-based line of the character at `offset`. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

function lineOfByte(bytes: Buffer, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(newline); at !== -1 && at < offset; at = bytes.indexOf(newline, at + 1))
    line += 1;
  return line;
}

function firstInvalidLine(bytes: Buffer): number {
  let line = 1;
  let start = 0;
  while (start < bytes.length) {
    const next = bytes.indexOf(newline, start);
    const end = next === -1 ? bytes.length : next;
    if (!isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
    line += 1;
  }
  return line;
}
