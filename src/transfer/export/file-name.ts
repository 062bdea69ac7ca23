import { createHash } from 'node:crypto';

/** File systems allow 255 bytes; the temporary name and the extension need some. */
const longestBytes = 200;

/**
 * A file name for a slug: the slug itself wherever that is a name on every file system, otherwise its harmless part
 * and a digest. The front matter has the slug, so nothing is lost.
 */
export function fileNameFor(slug: string): string {
  const safe = slug.replace(/[^\p{L}\p{N}\p{M}._~-]/gu, '-').replace(/^\.+/, '-');
  const isReserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(safe);
  if (safe !== '' && safe === slug && !isReserved && Buffer.byteLength(safe) <= longestBytes)
    return `${safe}.md`;
  const digest = createHash('sha256').update(slug).digest('hex').slice(0, 12);
  return `${cutToBytes(safe, longestBytes - digest.length - 1)}-${digest}.md`;
}

function cutToBytes(text: string, bytes: number): string {
  let cut = '';
  let size = 0;
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > bytes) break;
    cut += character;
  }
  return cut;
}
