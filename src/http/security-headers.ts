/** Headers that limit what a page may do, on every response (OWASP Secure Headers Project). */
import type { FastifyInstance } from 'fastify';

export interface SecurityPolicy {
  /** Whether readers reach the site over https, so that browsers may be told to insist on it. */
  isHttps: boolean;
  /** Origins whose players may stand in a post. */
  frameOrigins: readonly string[];
}

/** The headers that every response has, by their names. */
export function securityHeaders({ isHttps, frameOrigins }: SecurityPolicy): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(frameOrigins),
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'x-content-type-options': 'nosniff',
    // Without includeSubDomains: what else the operator runs under the domain is not this program's to decide.
    ...(isHttps ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
}

export function addSecurityHeaders(app: FastifyInstance, headers: Record<string, string>): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers);
  });
}

/** Posts may show images and media from elsewhere over https; scripts and styles come from this site alone. */
function contentSecurityPolicy(frameOrigins: readonly string[]): string {
  return [
    "default-src 'none'",
    "base-uri 'none'",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    `frame-src ${frameOrigins.length > 0 ? frameOrigins.join(' ') : "'none'"}`,
    "img-src 'self' https: data:",
    "manifest-src 'self'",
    "media-src 'self' https:",
    "script-src 'self'",
    "style-src 'self'",
  ].join('; ');
}
