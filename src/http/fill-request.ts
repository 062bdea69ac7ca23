/** Requests that the program makes of its own router. They have no client: nobody is answered, billed or logged for them. */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const name = 'x-broadsheet-fill';
/** Nobody outside the process knows them. */
const [fillSecret, warmUpSecret] = [randomUUID(), randomUUID()];

export const fillHeaders: Readonly<Record<string, string>> = { [name]: fillSecret };

/** Of a request that goes through the cache, so that the next reader finds the answer there. */
export const warmUpHeaders: Readonly<Record<string, string>> = { [name]: warmUpSecret };

/** Whether the request is one that the cache makes, and so nobody's in particular. */
export function isFill(request: { headers: IncomingHttpHeaders }): boolean {
  return request.headers[name] === fillSecret;
}

/** Whether the request is the program's own. */
export function isInternal(request: { headers: IncomingHttpHeaders }): boolean {
  return isFill(request) || request.headers[name] === warmUpSecret;
}
