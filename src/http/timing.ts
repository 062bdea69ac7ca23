/** `X-Request-Id` and `X-Response-Time` on every response. */
import type { FastifyInstance } from 'fastify';

export function addTiming(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-response-time', `${reply.elapsedTime.toFixed(2)}ms`);
  });
}
