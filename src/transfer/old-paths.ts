/** Old addresses of posts, as paths of this site. */

/**
 * Makes a path such as `/2024/01/hello/` of an old permalink: percent-decoded, without host, query and fragment,
 * ending in `/` unless its last part is a file name. Returns undefined for what is no literal path, or is the front page.
 */
export function oldPath(permalink: string): string | undefined {
  const path = pathOf(permalink.trim());
  if (path === undefined || /[{}<>\s]|\/:[a-z]/i.test(path)) return undefined;
  const decoded = decodePath(`/${path}`.replace(/\/{2,}/g, '/')).replace(/\/index\.html?$/, '/');
  if (decoded === '/' || decoded.includes('/../')) return undefined;
  const isFile = /\.[a-z0-9]{1,5}$/i.test(decoded);
  return decoded.endsWith('/') || isFile ? decoded : `${decoded}/`;
}

/** The part of an old path that serves as a slug: the last one, without a file extension. */
export function lastSegment(path: string): string | undefined {
  const segment = path.split('/').filter(Boolean).at(-1);
  return segment?.replace(/\.html?$|\.php$/i, '');
}

function pathOf(permalink: string): string | undefined {
  if (permalink === '') return undefined;
  if (!/^[a-z][a-z0-9+.-]*:/i.test(permalink)) return permalink.split(/[?#]/)[0];
  return URL.parse(permalink)?.pathname;
}

function decodePath(path: string): string {
  return path.split('/').map(decodeSegment).join('/');
}

/** Percent-decodes one segment, in Unicode's NFC; what is not valid, or would become two segments, stays. */
export function decodeSegment(segment: string): string {
  try {
    const decoded = decodeURIComponent(segment);
    return decoded.includes('/') ? segment : decoded.normalize('NFC');
  } catch {
    return segment;
  }
}
