/** Cursors: opaque to clients, and of use only in the list that gave them. */
import { BroadsheetError } from '../../errors.ts';
import { isId } from '../../validation/id.ts';

export type Cursor = { kind: 'position'; sortAt: string; id: string } | { kind: 'offset'; offset: number };

/** `list` names what is listed (filters and order); a cursor from another list is refused. */
export function encodeCursor(cursor: Cursor, list: string): string {
  const fields = cursor.kind === 'position' ? [cursor.sortAt, cursor.id] : [cursor.offset];
  return Buffer.from(JSON.stringify([list, ...fields])).toString('base64url');
}

/** @throws BroadsheetError `invalid_cursor` */
export function decodeCursor(text: string, list: string): Cursor {
  const [from, first, second] = parse(text);
  if (from === list && isInstant(first) && typeof second === 'string' && isId(second)) {
    return { kind: 'position', sortAt: first, id: second };
  }
  if (from === list && typeof first === 'number' && Number.isSafeInteger(first) && first >= 0)
    return { kind: 'offset', offset: first };
  throw new BroadsheetError(
    'invalid_cursor',
    'Pass as `after` what this very list gave as `next`, with the same filters and sort, or leave it out to begin anew.',
  );
}

function isInstant(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

function parse(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
