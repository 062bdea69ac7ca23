/** One log line for each answered request. The query string stays out of it: it can hold a set-up token. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Config } from '../config/schema.ts';
import { isInternal } from './fill-request.ts';

const maxAgentLength = 200;

export function addRequestLog(app: FastifyInstance, which: Config['log']['requests']): void {
  if (which === 'none') return;
  app.addHook('onResponse', async (request, reply) => {
    if (isInternal(request) || !isWanted(which, reply)) return;
    request.log[levelOf(reply.statusCode)](
      {
        method: request.method,
        path: request.url.split('?', 1)[0],
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 100) / 100,
        bytes: request.method === 'HEAD' ? 0 : bytesOf(reply),
        client: request.ip,
        userAgent: request.headers['user-agent']?.slice(0, maxAgentLength) ?? null,
      },
      'request',
    );
  });
}

function isWanted(which: Config['log']['requests'], reply: FastifyReply): boolean {
  if (which === 'all' || reply.statusCode >= 500) return true;
  if (which === 'errors') return reply.statusCode >= 400;
  return typeof which === 'number' && Math.random() < which;
}

/** What a client did wrong is a warning, what this program did wrong an error. */
function levelOf(status: number): 'info' | 'warn' | 'error' {
  if (status >= 500) return 'error';
  return status >= 400 ? 'warn' : 'info';
}

/** Of the body; null where it was streamed. */
function bytesOf(reply: FastifyReply): number | null {
  const length = Number(reply.getHeader('content-length') ?? Number.NaN);
  return Number.isFinite(length) ? length : null;
}
