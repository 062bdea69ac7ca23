/** Stops a server without cutting off who is being answered, and not later than promised. */
import type { FastifyInstance } from 'fastify';

/**
 * Stops listening, answers what is in flight, closes each connection after its answer.
 *
 * @param graceMs after that many milliseconds the connections that remain are cut off
 */
export async function closeWithin(app: FastifyInstance, graceMs: number): Promise<void> {
  const timer = setTimeout(() => {
    app.log.warn(`not all requests ended within ${graceMs / 1000} s; those that remain are cut off`);
    app.server.closeAllConnections();
  }, graceMs);
  try {
    await app.close();
  } finally {
    clearTimeout(timer);
  }
}
