/** Sends a cached response to one client: in an encoding that it takes, or a 304, with the headers of this one request. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { askEachTime, cacheControl, cacheStatus, tagHeaders } from './cache-headers.ts';
import { type CachedResponse, matchesEtag, variantOf } from './cached-response.ts';

/** What the cache manager answers. */
export interface CacheAnswer {
  readonly entry: { value: CachedResponse; tags: readonly string[]; freshUntil: number };
  readonly status: 'hit' | 'stale' | 'filled';
  readonly tier: 'memory' | 'redis' | 'origin';
  readonly isStored: boolean;
  readonly isJoined: boolean;
}

export interface ReplyTimes {
  /** Of the cache's clock, milliseconds. */
  now: number;
  /** How long the request waited for its answer to be made, milliseconds. */
  waitedMs: number;
  staleSeconds: number;
}

export function sendCached(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: CacheAnswer,
  times: ReplyTimes,
): FastifyReply {
  const { value, freshUntil } = answer.entry;
  const ttlSeconds = Math.max(0, Math.floor((freshUntil - times.now) / 1000));
  reply.headers({ ...value.headers, vary: varyOf(request, value.status) });
  reply.header('cache-status', cacheStatus(answer, ttlSeconds));
  if (answer.status === 'filled') reply.header('server-timing', `fill;dur=${times.waitedMs.toFixed(2)}`);
  if (isShareable(value)) shareDownstream(reply, answer, ttlSeconds, times.staleSeconds);
  else reply.header('cache-control', 'private, no-store');
  return value.status < 300 ? sendContent(request, reply, value) : sendOther(request, reply, value);
}

/** Whether others may get it: content, redirects, and that there is nothing. Refusals are between two. */
export function isShareable({ status, headers }: Pick<CachedResponse, 'status' | 'headers'>): boolean {
  const isPrivate =
    headers['set-cookie'] !== undefined || /private|no-store/.test(headers['cache-control'] ?? '');
  return status === 404 || (status < 400 && !isPrivate);
}

function shareDownstream(
  reply: FastifyReply,
  { entry, status }: CacheAnswer,
  ttlSeconds: number,
  staleSeconds: number,
): void {
  const surrogate = tagHeaders(entry.tags);
  if (surrogate === null || status === 'stale') {
    reply.header('cache-control', askEachTime);
    return;
  }
  reply.headers({ ...surrogate, 'cache-control': cacheControl(ttlSeconds, staleSeconds) });
}

function sendContent(request: FastifyRequest, reply: FastifyReply, value: CachedResponse): FastifyReply {
  const { encoding, body, etag } = variantOf(value, request.headers['accept-encoding']);
  reply.header('etag', etag);
  const noneMatch = request.headers['if-none-match'];
  if (noneMatch !== undefined && matchesEtag(noneMatch, etag)) {
    reply.removeHeader('content-type');
    return reply.status(304).send();
  }
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  return reply.status(value.status).send(body);
}

/** Redirects and refusals: nothing to revalidate. */
function sendOther(request: FastifyRequest, reply: FastifyReply, value: CachedResponse): FastifyReply {
  const { location } = value.headers;
  if (location !== undefined) reply.header('location', withQuery(location, request.url));
  if (value.headers['content-type']?.startsWith('application/problem+json') === true) {
    const problem: object = JSON.parse(value.bodies.identity.toString());
    return reply.status(value.status).send(JSON.stringify({ ...problem, requestId: request.id }));
  }
  const { encoding, body } = variantOf(value, request.headers['accept-encoding']);
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  return reply.status(value.status).send(body);
}

/**
 * The request's headers that another answer would depend on (RFC 9110, 12.5.5). The API shows more to who may see more;
 * pages are the same for everybody, and only what stands in for a missing one comes as problem details too.
 */
function varyOf(request: FastifyRequest, status: number): string {
  const isPage = request.routeOptions.config.publicCache?.isPage === true;
  if (!isPage) return 'accept-encoding, authorization, cookie';
  return status >= 400 ? 'accept-encoding, accept' : 'accept-encoding';
}

/** What the reader's address said beside what the key knows (a campaign, say) goes along with a redirect. */
function withQuery(location: string, url: string): string {
  const start = url.indexOf('?');
  return start < 0 || location.includes('?') ? location : location + url.slice(start);
}
