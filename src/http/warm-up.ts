import type { FastifyInstance } from 'fastify';
import { warmUpHeaders } from './fill-request.ts';

/** Asks for a public address without a client, through the cache, so that the next reader finds the answer there. */
export async function warmUp(app: FastifyInstance, address: string): Promise<void> {
  await app.inject({ url: encodeURI(address), headers: { host: 'localhost', ...warmUpHeaders } });
}
