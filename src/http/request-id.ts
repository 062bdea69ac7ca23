/** The id that follows a request through headers, logs and errors. */
import type { IncomingHttpHeaders } from 'node:http';
import { v7 as uuidv7 } from 'uuid';

const wellFormed = /^[A-Za-z0-9._~-]{8,128}$/;

/** Keeps the id of a proxy or client where it is harmless in a log, else makes one (UUIDv7). */
export function requestIdOf(request: { headers: IncomingHttpHeaders }): string {
  const incoming = request.headers['x-request-id'];
  return typeof incoming === 'string' && wellFormed.test(incoming) ? incoming : uuidv7();
}
