/** What a reader sees instead of a page: nothing there, or something broken. Programs get problem details. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BroadsheetError } from '../errors.ts';
import { bareSite, pageNotFound, type SiteContext, sendPage, siteAround } from './pages.ts';
import { presentUnindexedPage } from './presenters/page.ts';
import { redirectIfMoved } from './redirects.ts';

/** For paths that no route knows: an old address that moved, or nothing. */
export function notFoundHandler(context: SiteContext) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (!isReading(request)) throw pageNotFound();
    try {
      if (await redirectIfMoved(context, request, reply)) return reply;
      throw pageNotFound();
    } catch (error) {
      return answerFailure(context, error, request, reply);
    }
  };
}

/** For errors of the site's routes. What it throws goes on to the server's handler, which writes problem details. */
export function errorHandler(context: SiteContext) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    answerFailure(context, error, request, reply);
}

async function answerFailure(
  context: SiteContext,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const status = statusOf(error);
  // The same address answers readers and programs differently.
  reply.header('vary', 'Accept');
  if (!wantsPage(request)) throw status === 404 ? pageNotFound() : error;
  if (status === 404) return sendNotFound(context, reply);
  if (status >= 500) request.log.error({ err: error }, 'a page failed');
  if (error instanceof BroadsheetError) reply.headers(error.headers);
  reply.header('cache-control', 'private, no-store').code(status);
  return sendFailure(context, request, reply, status);
}

function statusOf(error: unknown): number {
  if (error instanceof BroadsheetError) return error.status;
  // Fastify's own errors, such as an address that can't be decoded.
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') {
    return error.statusCode;
  }
  return 500;
}

/** Says the same whatever is missing, so that nobody learns which drafts there are. */
async function sendNotFound(context: SiteContext, reply: FastifyReply): Promise<FastifyReply> {
  const site = await siteAround(context).catch(() => bareSite(context));
  reply.code(404);
  return sendPage(reply, context, 'not-found', { site, page: presentUnindexedPage(site, 'Page not found') });
}

function sendFailure(
  context: SiteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
): FastifyReply {
  const site = bareSite(context);
  const title = status >= 500 ? 'Something went wrong' : 'This request can’t be answered';
  try {
    const page = presentUnindexedPage(site, title);
    return sendPage(reply, context, 'error', { site, page, status, title, requestId: request.id });
  } catch (error) {
    // The operator's own error page may be what is broken.
    request.log.error({ err: error }, 'the error page failed');
    return reply.type('text/plain; charset=utf-8').send(`${title}.\nRequest: ${request.id}\n`);
  }
}

function isReading(request: FastifyRequest): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

/** A page, unless the client names JSON and not HTML. */
function wantsPage(request: FastifyRequest): boolean {
  const accept = request.headers.accept ?? '*/*';
  return (
    isReading(request) && (accept.includes('text/html') || !/application\/(?:[\w.-]+\+)?json/.test(accept))
  );
}
