/** Finding a slug that nobody has. */
import type { Kysely } from 'kysely';
import type { Tables } from '../../../database/tables.ts';

export interface SlugRules {
  isReserved(slug: string): boolean;
  /** Waits until nobody else chooses a number for this slug. */
  queue(wanted: string): Promise<void>;
}

/** `hello`, or `hello-2`, `hello-3` … where that is taken. Call it in the transaction that stores the post. */
export async function freeSlug(
  db: Kysely<Tables>,
  wanted: string,
  { isReserved, queue }: SlugRules,
): Promise<string> {
  if (!isReserved(wanted) && !(await isTaken(db, wanted))) return wanted;
  await queue(wanted);
  // Doubles the step while numbers are taken, then halves it: a thousand posts of one title cost twenty look-ups.
  let taken = 1;
  let free = 2;
  while (await isTaken(db, `${wanted}-${free}`)) {
    taken = free;
    free *= 2;
  }
  while (free - taken > 1) {
    const middle = Math.floor((taken + free) / 2);
    if (await isTaken(db, `${wanted}-${middle}`)) taken = middle;
    else free = middle;
  }
  return `${wanted}-${free}`;
}

async function isTaken(db: Kysely<Tables>, slug: string): Promise<boolean> {
  const row = await db.selectFrom('posts').select('id').where('slug', '=', slug).executeTakeFirst();
  return row !== undefined;
}
