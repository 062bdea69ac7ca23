/** JSON whose errors name a line. */
import { ItemError } from './report.ts';
import { lineAt } from './text-file.ts';

/** How many characters V8 quotes on each side of an unexpected token. */
const quoted = 10;

/**
 * Parses `source`.
 *
 * @param what names the source in the error
 * @param firstLine line of the file on which `source` begins
 * @throws ItemError with the line
 */
export function parseJson(source: string, what: string, firstLine = 1): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const line = firstLine + lineAt(source, errorOffset(source, message)) - 1;
    const reason = message.replace(/, (\.\.\.)?"[\s\S]*" is not valid JSON$/, '');
    throw new ItemError(`${what} is not valid JSON: ${reason}`, line);
  }
}

/** V8 gives a position, or quotes what is around it, or means the end. */
function errorOffset(source: string, message: string): number {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  const quote = /, (\.\.\.)?"([\s\S]*?)"(?:\.\.\.)? is not valid JSON$/.exec(message);
  if (!quote) return source.length;
  const token = /token '(.)'/su.exec(message)?.[1] ?? '';
  const start = source.indexOf(quote[2] ?? '');
  return quote[1] === undefined ? Math.max(0, source.indexOf(token)) : start + quoted;
}
