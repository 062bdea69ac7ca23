/** Stops a server without cutting off who is being answered, and not later than promised. */
import type { FastifyInstance } from 'fastify';

/** How often connections are closed whose answer had begun when the server was told to stop. */
const sweepMs = 50;

/** Has answers to requests that were in flight when the server was told to stop end their connections. */
export function closeConnectionsWhileDraining(app: FastifyInstance): void {
  let isDraining = false;
  app.addHook('preClose', async () => {
    isDraining = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (isDraining) reply.header('connection', 'close');
  });
}

/**
 * Stops listening, answers what is in flight, closes each connection after its answer.
 *
 * @param graceMs after that many milliseconds the connections that remain are cut off
 */
export async function closeWithin(app: FastifyInstance, graceMs: number): Promise<void> {
  // Node closes idle connections once, and would keep those that become idle later for as long as clients like.
  const sweep = setInterval(() => app.server.closeIdleConnections(), sweepMs);
  const deadline = setTimeout(() => {
    app.log.warn(`not all requests ended within ${graceMs / 1000} s; those that remain are cut off`);
    app.server.closeAllConnections();
  }, graceMs);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(deadline);
  }
}
