/** Headers that limit what a page may do, on every response (OWASP Secure Headers Project). */
import type { FastifyInstance } from 'fastify';

/** Posts may show images and players from elsewhere over https; scripts and styles come from this site alone. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "base-uri 'none'",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  'frame-src https://www.youtube-nocookie.com https://player.vimeo.com',
  "img-src 'self' https: data:",
  "manifest-src 'self'",
  "media-src 'self' https:",
  "script-src 'self'",
  "style-src 'self'",
].join('; ');

/** @param isHttps whether readers reach the site over https, so that browsers may be told to insist on it */
export function addSecurityHeaders(app: FastifyInstance, isHttps: boolean): void {
  const headers = {
    'content-security-policy': contentSecurityPolicy,
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'x-content-type-options': 'nosniff',
    ...(isHttps ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  };
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers);
  });
}
