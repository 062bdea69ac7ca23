/** Listening, with errors that say what to do. */
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { OperatorError } from '../errors.ts';

/** @param port 0 picks a free one @throws OperatorError when the address can't be listened on */
export async function listen(
  app: FastifyInstance,
  host: string,
  port: number,
): Promise<{ address: string; port: number }> {
  try {
    const address = await app.listen({ host, port, listenTextResolver: () => 'listening' });
    return { address, port: portOf(app.server.address()) };
  } catch (error) {
    throw explain(error, host, port);
  }
}

function explain(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  const fixes: Record<string, string> = {
    EADDRINUSE: `PORT: ${port} on ${host} is in use by another program. Stop that one, or choose another port: --port ${port === 65_535 ? 8001 : port + 1}.`,
    EACCES: `PORT: ${port} needs more rights than this user has. Choose a port above 1023: --port 8000.`,
    EADDRNOTAVAIL: `HOST: ${host} is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all of its addresses.`,
    ENOTFOUND: `HOST: ${host} is not a known name. Use 127.0.0.1, or 0.0.0.0 for all addresses of this machine.`,
  };
  const message = fixes[String(code)];
  return message === undefined ? error : new OperatorError(message, { cause: error });
}

function portOf(address: AddressInfo | string | null): number {
  return address !== null && typeof address === 'object' ? address.port : 0;
}
