/** Requests that the cache makes of its own router. They have no client: nobody is answered, billed or logged for them. */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const name = 'x-broadsheet-fill';
/** Nobody outside the process knows it. */
const secret = randomUUID();

export const fillHeaders: Readonly<Record<string, string>> = { [name]: secret };

/** Whether the request is one that the cache makes, and so nobody's in particular. */
export function isFill(request: { headers: IncomingHttpHeaders }): boolean {
  return request.headers[name] === secret;
}
