/**
 * Keys, and the scopes that invalidation knows them by.
 *
 * A key is a path of segments, `posts:list:10:0`. Each of its prefixes is an implicit tag, so that a pattern such as
 * `posts:list:*` invalidates by one name, without a look at any key. A scope is that name:
 * `k|KEY` for a key, `p|PREFIX` for a prefix, `t|TAG` for a tag, `*` for everything.
 */
export type KeyPart = string | number | boolean;
/** A ready key (`posts:list:10:0`), or its parts, in which separators are escaped. */
export type CacheKey = string | readonly KeyPart[];

export const EVERYTHING = '*';

/** Prefixes past this depth aren't told apart: a pattern that goes deeper reaches all below this level. */
const MAX_PREFIXES = 8;

const escapeCharacter = (character: string) =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for; scopes are sent as lines.
const CONTROL = /[\u0000-\u001f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const SPECIAL = /[%:*\u0000-\u001f]/g;

/** @example toKey(['posts', 'list', 10, 0]) // 'posts:list:10:0' */
export function toKey(key: CacheKey): string {
  if (typeof key === 'string') return key.replace(CONTROL, escapeCharacter);
  return key.map((part) => String(part).replace(SPECIAL, escapeCharacter)).join(':');
}

export const keyScope = (key: string): string => `k|${key}`;
export const tagScope = (tag: string): string => `t|${tag.replace(CONTROL, escapeCharacter)}`;

/** The scopes of an entry other than its key and `EVERYTHING`: what a pattern or a tag reaches it by. */
export function entryScopes(key: string, tags: Iterable<string>): string[] {
  const scopes = prefixScopes(key);
  for (const tag of tags) scopes.push(tagScope(tag));
  return scopes;
}

/** The tags among an entry's scopes. */
export function tagsOf(scopes: readonly string[]): string[] {
  return scopes.filter((scope) => scope.startsWith('t|')).map((scope) => scope.slice(2));
}

function prefixScopes(key: string): string[] {
  const scopes: string[] = [];
  let end = key.indexOf(':');
  while (end !== -1 && scopes.length < MAX_PREFIXES) {
    scopes.push(`p|${key.slice(0, end + 1)}`);
    end = key.indexOf(':', end + 1);
  }
  return scopes;
}

/**
 * The scope that a pattern invalidates: at least what it matches. A star elsewhere than right after the last colon
 * widens it to the whole segments before it (`posts:li*` → `posts:*`); without a star it is a key.
 */
export function patternScope(pattern: string): string {
  const star = pattern.indexOf('*');
  if (star === -1) return keyScope(toKey(pattern));
  const prefix = pattern.slice(0, pattern.lastIndexOf(':', star) + 1);
  return prefixScopes(toKey(prefix)).at(-1) ?? EVERYTHING;
}
