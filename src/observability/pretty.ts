/** Log lines for people: one short line an event, with colours. */
import { stripVTControlCharacters, styleText } from 'node:util';

type Fields = Readonly<Record<string, unknown>>;

const colours = {
  trace: 'gray',
  debug: 'gray',
  info: 'green',
  warn: 'yellow',
  error: 'red',
  fatal: 'magenta',
} as const;

/** Said in the line itself, or of no use to somebody who looks at a terminal. */
const saidElsewhere = new Set(['level', 'time', 'pid', 'msg', 'err', 'requestId']);
const requestFields = new Set(['method', 'path', 'route', 'status', 'ms', 'bytes', 'client', 'userAgent']);

/**
 * @param line one event as JSON
 * @returns what a terminal shows of it; other text as it is
 */
export function prettyLine(line: string): string {
  const fields = parse(line);
  if (!fields) return line;
  const time = style('gray', clockTime(fields['time']));
  const message = fields['msg'] === 'request' ? describeRequest(fields) : describeEvent(fields);
  return `${time} ${message}${describeError(fields['err'])}\n`;
}

function describeRequest(fields: Fields): string {
  const status = Number(fields['status']);
  const colour = status >= 500 ? 'red' : status >= 400 ? 'yellow' : 'green';
  return [
    style(colour, `${status}`),
    text(fields['method']).padEnd(6),
    text(fields['path']),
    style('gray', `${text(fields['ms'])} ms`),
    ...rest(fields, (name) => requestFields.has(name)),
  ].join(' ');
}

function describeEvent(fields: Fields): string {
  const level = text(fields['level']);
  const colour = isLevel(level) ? colours[level] : 'green';
  return [style(colour, level), text(fields['msg']), ...rest(fields, () => false)].join(' ');
}

function rest(fields: Fields, isSaid: (name: string) => boolean): string[] {
  return Object.entries(fields)
    .filter(([name]) => !saidElsewhere.has(name) && !isSaid(name))
    .map(([name, value]) => style('gray', `${name}=${text(value)}`));
}

/** The stack holds the message and the chain of causes. */
function describeError(error: unknown): string {
  if (error === null || typeof error !== 'object') return '';
  const { stack, message } = { stack: undefined, message: undefined, ...error };
  return String(stack ?? message)
    .split('\n')
    .map((line) => `\n    ${text(line)}`)
    .join('');
}

/** Hours, minutes and seconds where the operator is. */
function clockTime(time: unknown): string {
  return new Date(String(time)).toLocaleTimeString('en-GB');
}

/** Without what would move the cursor or change colours: parts of a line come from clients. */
function text(value: unknown): string {
  const raw = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what has to go
  return stripVTControlCharacters(raw).replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}

function style(colour: Parameters<typeof styleText>[0], words: string): string {
  return styleText(colour, words, { stream: process.stdout });
}

function isLevel(level: string): level is keyof typeof colours {
  return level in colours;
}

function parse(line: string): Fields | null {
  try {
    const value: unknown = JSON.parse(line);
    return value !== null && typeof value === 'object' ? { ...value } : null;
  } catch {
    return null;
  }
}
