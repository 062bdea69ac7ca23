/** What a response tells caches on its way: our own verdict, how long to keep it, what to purge it by. */

/** The largest header of tags that common CDNs take (Cloudflare and Fastly: 16 KiB in all). */
const maxTagBytes = 12 * 1024;
/** How long a shared cache may hand out an answer while it asks for the next. */
const revalidateSeconds = 60;

/** `Cache-Status` (RFC 9211). */
export function cacheStatus(
  { status, tier, isStored }: { status: 'hit' | 'stale' | 'filled'; tier: string; isStored: boolean },
  ttlSeconds: number,
): string {
  if (status === 'stale') return 'broadsheet; hit; detail=stale';
  if (status === 'hit') return `broadsheet; hit; ttl=${ttlSeconds}; detail=${tier}`;
  return `broadsheet; fwd=miss${isStored ? '; stored' : ''}`;
}

/** Browsers ask each time (and get a 304); shared caches keep it and are purged by tag. */
export function cacheControl(freshSeconds: number, staleSeconds: number): string {
  return `public, max-age=0, s-maxage=${freshSeconds}, stale-while-revalidate=${revalidateSeconds}, stale-if-error=${staleSeconds}`;
}

/** `Cache-Tag` and `Surrogate-Key`; null when they would be longer than CDNs take: then nothing could purge it. */
export function tagHeaders(tags: readonly string[]): { 'cache-tag': string; 'surrogate-key': string } | null {
  const names = tags.map((tag) => encodeURIComponent(tag).replaceAll('%3A', ':'));
  const joined = names.join(',');
  return joined.length > maxTagBytes ? null : { 'cache-tag': joined, 'surrogate-key': names.join(' ') };
}
