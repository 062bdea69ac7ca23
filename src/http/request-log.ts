/** One log line for each answered request. The query string stays out of it: it can hold a set-up token. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Config } from '../config/schema.ts';

export function addRequestLog(app: FastifyInstance, which: Config['log']['requests']): void {
  if (which === 'none') return;
  app.addHook('onResponse', async (request, reply) => {
    if (!isWanted(which, reply)) return;
    request.log.info(
      {
        method: request.method,
        path: request.url.split('?', 1)[0],
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 100) / 100,
        client: request.ip,
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
