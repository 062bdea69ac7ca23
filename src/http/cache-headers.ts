/** What a response tells caches on its way: our own verdict, how long to keep it, what to purge it by. */

/**
 * Longest list of tags. It is sent twice, and proxies refuse a response whose head is larger than their buffer: nginx' is
 * one memory page, 4 KiB, unless set otherwise.
 */
const maxTagBytes = 1200;
/** How long a shared cache may hand out an answer while it asks for the next. */
const revalidateSeconds = 60;

/** `Cache-Status` (RFC 9211). */
export function cacheStatus(
  answer: { status: 'hit' | 'stale' | 'filled'; tier: string; isStored: boolean; isJoined: boolean },
  ttlSeconds: number,
): string {
  if (answer.status === 'stale') return 'broadsheet; hit; detail=stale';
  if (answer.status === 'hit') return `broadsheet; hit; ttl=${ttlSeconds}; detail=${answer.tier}`;
  return `broadsheet; fwd=miss${answer.isStored ? '; stored' : ''}${answer.isJoined ? '; collapsed' : ''}`;
}

/** Browsers ask each time (and get a 304); shared caches keep it and are purged by tag. */
export function cacheControl(freshSeconds: number, staleSeconds: number): string {
  return `public, max-age=0, s-maxage=${freshSeconds}, stale-while-revalidate=${revalidateSeconds}, stale-if-error=${staleSeconds}`;
}

/** For what has no tags to be purged by: every cache may keep it, and asks each time whether it is still right. */
export const askEachTime = 'public, max-age=0, must-revalidate';

/** `Cache-Tag` and `Surrogate-Key`; null when they would be longer than proxies take: then nothing could purge it. */
export function tagHeaders(tags: readonly string[]): { 'cache-tag': string; 'surrogate-key': string } | null {
  const names = tags.map((tag) => encodeURIComponent(tag).replaceAll('%3A', ':'));
  const joined = names.join(',');
  if (joined === '' || joined.length > maxTagBytes) return null;
  return { 'cache-tag': joined, 'surrogate-key': names.join(' ') };
}
