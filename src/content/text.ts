/** Hygiene of text that comes from outside. */

/** NUL and the other C0 control characters, without tab, line feed and carriage return. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point.
const controlCharacter = /[\u0000-\u0008\u000B\u000C\u000E-\u001F]/;

/**
 * Says what is wrong with a text that must not be stored, and what to do; null for a good one.
 * PostgreSQL refuses NUL, XML feeds refuse control characters, and UTF-8 has no lone surrogates.
 * Positions count UTF-16 units from 0, as JavaScript does.
 */
export function findBadText(value: string): string | null {
  const control = controlCharacter.exec(value);
  if (control) {
    const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return `has the control character U+${code} at position ${control.index}; remove it`;
  }
  if (!value.isWellFormed()) {
    const position = firstDifference(value, value.toWellFormed());
    return `has half of a character (a lone surrogate) at position ${position}; send the whole character or remove it`;
  }
  return null;
}

function firstDifference(left: string, right: string): number {
  let position = 0;
  while (left[position] === right[position]) position += 1;
  return position;
}
