/**
 * Tells whether a browser sends a request on behalf of another site (CSRF).
 *
 * The algorithm is that of Go's `net/http.CrossOriginProtection` (Go 1.25), explained in Filippo Valsorda,
 * "Cross-Site Request Forgery" (2025): Sec-Fetch-Site where the browser sends it (all since 2023), else
 * Origin against Host, and neither means that it is no browser, or an old one on the same origin.
 */
import { BroadsheetError } from '../errors.ts';
import type { AuthenticationRequest } from './request.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

export function isSafe(method: string): boolean {
  return safeMethods.has(method);
}

/** @param ownOrigin the public origin, such as `https://blog.example.com`, where a proxy changes `Host` */
export function isCrossOrigin(
  { headers }: Pick<AuthenticationRequest, 'headers'>,
  ownOrigin?: string,
): boolean {
  const { origin, host } = headers;
  if (origin !== undefined && origin === ownOrigin) return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host?.toLowerCase();
}

/** @throws BroadsheetError `cross_origin` for a method that may change something, sent by another site's page */
export function refuseCrossOrigin(
  request: Pick<AuthenticationRequest, 'headers' | 'method'>,
  ownOrigin?: string,
): void {
  if (isSafe(request.method) || !isCrossOrigin(request, ownOrigin)) return;
  throw new BroadsheetError(
    'cross_origin',
    "The request comes from another site's page. Open the blog's own address and try again; behind a proxy, set SITE_URL to that address.",
  );
}
