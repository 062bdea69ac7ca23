/** Answers what never gets to a route: addresses that the router can't read, and what the parser of HTTP can't. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { BroadsheetError } from '../errors.ts';
import { sendProblem } from './error-handling.ts';
import { problemContentType, toProblem } from './problem.ts';

/** Keys are Node's error codes. */
const known: Record<string, BroadsheetError> = {
  HPE_HEADER_OVERFLOW: new BroadsheetError(
    'headers_too_large',
    'The headers are too large. Send fewer or shorter ones.',
  ),
  ERR_HTTP_REQUEST_TIMEOUT: new BroadsheetError('request_timeout', 'The request did not arrive in time.'),
};
const notHttp = new BroadsheetError('bad_request', 'The request is not well-formed HTTP.');

/** For the router's own errors, for which no hook runs. @param headers what every response of the server has */
export function answerBadAddress(
  headers: Record<string, string>,
): (error: Error, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    reply.headers({ ...headers, 'x-request-id': request.id, 'x-response-time': '0.00ms' });
    sendProblem(error, request, reply);
  };
}

/**
 * A listener for `clientError`.
 *
 * @param headers what every response of the server has
 */
export function answerBrokenRequests(
  headers: Record<string, string>,
): (error: NodeJS.ErrnoException, socket: Socket) => void {
  const common = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const told = known[error.code ?? ''] ?? notHttp;
    const requestId = uuidv7();
    const body = JSON.stringify(toProblem(told, requestId));
    socket.end(
      [
        `HTTP/1.1 ${told.status} ${STATUS_CODES[told.status]}`,
        ...common,
        'cache-control: private, no-store',
        `content-type: ${problemContentType}`,
        `content-length: ${Buffer.byteLength(body)}`,
        `date: ${new Date().toUTCString()}`,
        `x-request-id: ${requestId}`,
        'x-response-time: 0.00ms',
        'connection: close',
        '',
        body,
      ].join('\r\n'),
    );
  };
}
