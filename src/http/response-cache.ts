/**
 * Public responses from the cache: looked up by route and normalised query, made by the route itself when absent.
 *
 * A fill is a request of its own inside the process: whoever caused it may go away, others join it, and its answer is kept
 * whole, in every encoding, under the tags of what it read.
 */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { cacheControl, cacheStatus, tagHeaders } from './cache-headers.ts';
import { type CachedResponse, matchesEtag, toCachedResponse, variantOf } from './cached-response.ts';
import { negotiateEncoding } from './encodings.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Public and the same for everybody. Absent: never cached. */
    publicCache?: PublicCache;
  }
}

export interface PublicCache {
  /** Query parameters that change the answer; others are no part of the key. `all`: the route refuses others itself. */
  query: readonly string[] | 'all';
  /** A page, which is problem details for clients that ask for JSON when there is none. */
  isPage: boolean;
}

/** What the cache manager is asked for here. */
export interface ResponseCache {
  now(): number;
  getOrSetEntry(
    key: readonly string[],
    fill: (context: FillContext) => Promise<CachedResponse>,
  ): Promise<CacheAnswer>;
}

interface FillContext {
  readonly tags: Set<string>;
  setTtl(milliseconds: number): void;
  skip(): void;
}

export interface CacheAnswer {
  readonly entry: { value: CachedResponse; tags: readonly string[]; freshUntil: number; staleUntil: number };
  readonly status: 'hit' | 'stale' | 'filled';
  readonly tier: 'memory' | 'redis' | 'origin';
  readonly isStored: boolean;
}

export interface ResponseCacheOptions {
  cache: ResponseCache;
  /** Runs work and adds the tags of all that it reads. */
  collectReads<T>(tags: Set<string>, work: () => T): T;
  /** `never`: the request has credentials. `found`: it may see more than the public, so only what the public finds will do. */
  maySee(request: FastifyRequest): 'public' | 'found' | 'never';
  /** Changes with the program, its theme and settings: an answer of another edition is not this one's. */
  edition: { readonly value: string };
  staleSeconds: number;
}

/** Nothing is there now; something may be published at any moment, which invalidates it, or be a typing error. */
const notFoundTtlMs = 30_000;

/** Marks the requests of fills. Nobody outside knows the value. */
const fillHeader = 'x-broadsheet-fill';
const fillSecret = randomUUID();

/** Whether the request is one that a fill makes. Its client is not a client. */
export function isFill(request: FastifyRequest): boolean {
  return request.headers[fillHeader] === fillSecret;
}

export function addResponseCache(app: FastifyInstance, options: ResponseCacheOptions): void {
  app.addHook('preHandler', async (request, reply) => {
    const rule = request.routeOptions.config.publicCache;
    if (!rule || !isReading(request) || isFill(request)) return;
    const scope = options.maySee(request);
    if (scope === 'never' || (rule.isPage && asksForJson(request))) {
      reply.header('cache-status', 'broadsheet; fwd=bypass');
      return;
    }
    const answer = await lookUp(app, request, rule, options);
    if (answer instanceof FailedFill) return answer.sendTo(reply);
    if (scope === 'found' && answer.entry.value.status >= 400) return;
    return send(request, reply, answer, options);
  });
}

async function lookUp(
  app: FastifyInstance,
  request: FastifyRequest,
  rule: PublicCache,
  { cache, collectReads, edition }: ResponseCacheOptions,
) {
  const { path, query } = normalize(request, rule);
  const url = query === '' ? path : `${path}?${query}`;
  try {
    return await cache.getOrSetEntry(['http', edition.value, path, query], async (context) => {
      const response = await collectReads(context.tags, () => ask(app, url, request));
      if (response.status >= 500) throw new FailedFill(response);
      if (response.status === 404) context.setTtl(notFoundTtlMs);
      else if (response.status >= 400) context.skip();
      return toCachedResponse(response);
    });
  } catch (error) {
    if (error instanceof FailedFill) return error;
    throw error;
  }
}

/** The router's own answer, without a client. */
async function ask(app: FastifyInstance, url: string, request: FastifyRequest) {
  const answer = await app.inject({
    method: 'GET',
    url,
    headers: { host: 'localhost', 'x-request-id': request.id, [fillHeader]: fillSecret },
  });
  const headers = Object.entries(answer.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return { status: answer.statusCode, headers: Object.fromEntries(headers), body: answer.rawPayload };
}

/** One form for all ways to write the same request. */
function normalize(request: FastifyRequest, rule: PublicCache): { path: string; query: string } {
  const [path = '/'] = request.url.split('?', 1);
  const query = new URLSearchParams(
    Object.entries(toRecord(request.query))
      .filter(([name]) => rule.query === 'all' || rule.query.includes(name))
      .map(([name, value]): [string, string] => [name, String(Array.isArray(value) ? value[0] : value)])
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  ).toString();
  return { path: encodeURI(decodeURI(path)), query };
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: CacheAnswer,
  { cache, staleSeconds }: ResponseCacheOptions,
) {
  const { value, tags, freshUntil } = answer.entry;
  const { encoding, body, etag } = variantOf(value, negotiateEncoding(request.headers['accept-encoding']));
  const ttlSeconds = Math.max(0, Math.floor((freshUntil - cache.now()) / 1000));
  const surrogate = tagHeaders(tags);
  reply.headers({
    ...value.headers,
    ...surrogate,
    etag,
    vary: rule(request).isPage ? 'accept-encoding, accept' : 'accept-encoding',
    'cache-control': cacheControl(surrogate ? ttlSeconds : 0, staleSeconds),
    'cache-status': cacheStatus(answer, ttlSeconds),
  });
  const noneMatch = request.headers['if-none-match'];
  if (noneMatch !== undefined && value.status === 200 && matchesEtag(noneMatch, etag)) {
    reply.removeHeader('content-type');
    return reply.status(304).send();
  }
  const { location } = value.headers;
  if (location !== undefined) reply.header('location', withQuery(location, request.url));
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  return reply.status(value.status).send(body);
}

/** What the reader's address said beside what the key knows (a campaign, say) goes along with a redirect. */
function withQuery(location: string, url: string): string {
  const start = url.indexOf('?');
  return start < 0 || location.includes('?') ? location : location + url.slice(start);
}

function rule(request: FastifyRequest): PublicCache {
  return request.routeOptions.config.publicCache ?? { query: [], isPage: false };
}

/** What a route answered when it failed, passed on as it is when no stale answer stands in for it. */
class FailedFill extends Error {
  readonly #response: { status: number; headers: Record<string, string>; body: Buffer };

  constructor(response: { status: number; headers: Record<string, string>; body: Buffer }) {
    super(`the route answered ${response.status}`);
    this.#response = response;
  }

  sendTo(reply: FastifyReply): FastifyReply {
    const { status, headers, body } = this.#response;
    for (const [name, value] of Object.entries(headers)) {
      if (!name.startsWith('x-re') && name !== 'content-length') reply.header(name, value);
    }
    return reply.status(status).header('cache-status', 'broadsheet; fwd=miss').send(body);
  }
}

function isReading(request: FastifyRequest): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

function asksForJson(request: FastifyRequest): boolean {
  const accept = request.headers.accept ?? '*/*';
  return /application\/(?:[\w.-]+\+)?json/.test(accept) && !accept.includes('text/html');
}

function toRecord(query: unknown): Record<string, unknown> {
  return query !== null && typeof query === 'object' ? { ...query } : {};
}
