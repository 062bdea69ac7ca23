import { resolve } from 'node:path';

/**
 * The file that a `sqlite:` URL names, absolute; null for another database. A path after `sqlite:` or `sqlite://` is
 * relative to the working folder unless it begins with a slash.
 *
 * @example sqlitePath('sqlite:///var/lib/blog.db') === '/var/lib/blog.db'
 */
export function sqlitePath(url: string): string | null {
  const [, path] = /^sqlite:(?:\/\/)?(.+)$/s.exec(url) ?? [];
  return path === undefined ? null : resolve(path);
}
