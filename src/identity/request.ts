/** What authentication reads of a request. Fastify's request has this shape. */
import type { IncomingHttpHeaders } from 'node:http';

export interface AuthenticationRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** `https` also where a trusted proxy says so. */
  readonly protocol: string;
  /** The client's address, behind trusted proxies too. */
  readonly ip: string;
  /** The connection itself: its address is the peer's, which may be a proxy. */
  readonly socket: { readonly remoteAddress?: string | undefined };
}
