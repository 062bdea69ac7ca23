/** Answers what never became a request: the HTTP parser's own errors, on the bare socket. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { v7 as uuidv7 } from 'uuid';
import { BroadsheetError } from '../errors.ts';
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

export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
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
      `content-type: ${problemContentType}`,
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${requestId}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
