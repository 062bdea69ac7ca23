/**
 * Public responses from the cache: looked up by route and normalised query, made by the route itself when absent.
 *
 * A fill is a request of its own inside the process: whoever caused it may go away, others join it, and its answer is kept
 * whole, in every encoding, under the tags of what it read.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type MeaningfulQuery, normalize, type RequestForm } from './cache-key.ts';
import { type CacheAnswer, isShareable, sendCached } from './cached-reply.ts';
import { type CachedResponse, type PlainResponse, toCachedResponse } from './cached-response.ts';
import { fillHeaders, isFill } from './fill-request.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Public and the same for everybody. Absent: never cached. */
    publicCache?: PublicCache;
  }
}

export interface PublicCache {
  query: MeaningfulQuery;
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

export interface ResponseCacheOptions {
  cache: ResponseCache;
  /** Runs work and adds the tags of all that it reads. */
  collectReads<T>(tags: Set<string>, work: () => T): T;
  /** `never`: the request has credentials. `found`: it may see more than the public, so only what the public finds will do. */
  maySee(request: FastifyRequest): 'public' | 'found' | 'never';
  /** Changes with the program, its theme and settings: an answer of another edition is not this one's. */
  edition: { readonly value: string };
  ttlSeconds: number;
  staleSeconds: number;
}

/** Nothing is there now: something may be published at any moment, which invalidates it, or it is a typing error. */
const notFoundTtlMs = 30_000;

export function addResponseCache(app: FastifyInstance, options: ResponseCacheOptions): void {
  app.addHook('preHandler', async (request, reply) => {
    const rule = request.routeOptions.config.publicCache;
    if (!rule || !isReading(request) || isFill(request)) return;
    const scope = options.maySee(request);
    if (scope === 'never') {
      reply.headers({ 'cache-status': 'broadsheet; fwd=bypass', 'cache-control': 'private, no-store' });
      return;
    }
    const startedAt = performance.now();
    const answer = await lookUp(app, request, normalize(request, rule.query), options);
    if (answer instanceof FailedFill) return answer.sendTo(reply);
    const isFoundOnly = scope === 'found' || (rule.isPage && asksForJson(request));
    if (isFoundOnly && answer.entry.value.status >= 400) {
      reply.header('cache-status', 'broadsheet; fwd=bypass');
      return;
    }
    const times = { now: options.cache.now(), waitedMs: performance.now() - startedAt };
    return sendCached(request, reply, answer, { ...times, staleSeconds: options.staleSeconds });
  });
}

async function lookUp(
  app: FastifyInstance,
  request: FastifyRequest,
  { path, query }: RequestForm,
  { cache, collectReads, edition, ttlSeconds }: ResponseCacheOptions,
): Promise<CacheAnswer | FailedFill> {
  const url = query === '' ? path : `${path}?${query}`;
  try {
    return await cache.getOrSetEntry(['http', edition.value, path, query], async (context) => {
      const response = await collectReads(context.tags, () => ask(app, url, request));
      if (response.status >= 500) throw new FailedFill(response);
      if (response.status === 404) context.setTtl(Math.min(notFoundTtlMs, ttlSeconds * 1000));
      if (!isShareable(response)) context.skip();
      return toCachedResponse(response);
    });
  } catch (error) {
    if (error instanceof FailedFill) return error;
    throw error;
  }
}

/** The router's own answer, without a client. */
async function ask(app: FastifyInstance, url: string, request: FastifyRequest): Promise<PlainResponse> {
  const answer = await app.inject({
    method: 'GET',
    url,
    headers: { host: 'localhost', 'x-request-id': request.id, ...fillHeaders },
  });
  const headers = Object.entries(answer.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return { status: answer.statusCode, headers: Object.fromEntries(headers), body: answer.rawPayload };
}

/** What a route answered when it failed, passed on as it is when no stale answer stands in for it. */
class FailedFill extends Error {
  readonly #response: PlainResponse;

  constructor(response: PlainResponse) {
    super(`the route answered ${response.status}`);
    this.#response = response;
  }

  /** With the id of the request that made it: the log has the reason under that one. */
  sendTo(reply: FastifyReply): FastifyReply {
    const { status, headers, body } = this.#response;
    for (const name of ['content-type', 'retry-after', 'vary']) {
      if (headers[name] !== undefined) reply.header(name, headers[name]);
    }
    reply.headers({ 'cache-control': 'private, no-store', 'cache-status': 'broadsheet; fwd=miss' });
    return reply.status(status).send(body);
  }
}

function isReading(request: FastifyRequest): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

function asksForJson(request: FastifyRequest): boolean {
  const accept = request.headers.accept ?? '*/*';
  return /application\/(?:[\w.-]+\+)?json/.test(accept) && !accept.includes('text/html');
}
