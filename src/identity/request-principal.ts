/** Puts on each request for whom it acts. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { anonymous, type Principal } from './principal.ts';

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal;
  }
}

/** @param authenticate rejects with `unauthorized` for credentials that are wrong; those without any are anonymous */
export function addPrincipal(
  app: FastifyInstance,
  authenticate: (request: FastifyRequest) => Promise<Principal>,
): void {
  app.decorateRequest('principal', { getter: () => anonymous });
  app.addHook('onRequest', async (request) => {
    const principal = await authenticate(request);
    Object.defineProperty(request, 'principal', { value: principal });
  });
}
