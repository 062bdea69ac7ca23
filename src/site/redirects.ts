/** Sends requests for old paths on to where their content is now. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { redirectPermanently, type SiteContext } from './pages.ts';

/** @returns whether the reply was sent. */
export async function redirectIfMoved(
  context: SiteContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  const path = decodedPath(request);
  if (path === null) return false;
  const alternative = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
  const target =
    (await context.posts.resolveRedirect(path)) ?? (await context.posts.resolveRedirect(alternative));
  if (target === null) return false;
  // Percent-encodes what a header can't hold, and leaves what is encoded already.
  const { origin, pathname, search, hash, href } = new URL(target, 'http://same.invalid');
  if (origin === 'http://same.invalid') redirectPermanently(request, reply, pathname + search + hash);
  else reply.redirect(href, 301);
  return true;
}

function decodedPath(request: FastifyRequest): string | null {
  const [path = ''] = request.url.split('?');
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
