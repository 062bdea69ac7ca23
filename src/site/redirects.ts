/** Sends requests for old paths on to where their content is now. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { redirectPermanently, type SiteContext } from './pages.ts';

/** @returns whether the reply was sent. */
export async function redirectIfMoved(
  context: SiteContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  const target = await targetOf(context, request);
  if (target === null) return false;
  // Percent-encodes what a header can't hold, and leaves what is encoded already.
  const { origin, pathname, search, hash, href } = new URL(target, 'http://same.invalid');
  if (origin === 'http://same.invalid') redirectPermanently(request, reply, pathname + search + hash);
  else reply.redirect(href, 301);
  return true;
}

async function targetOf(context: SiteContext, request: FastifyRequest): Promise<string | null> {
  for (const path of spellings(request.url)) {
    const target = await context.posts.resolveRedirect(path);
    if (target !== null) return target;
  }
  return null;
}

/** How an old path may be stored: decoded, in Unicode's NFC, with or without the final slash or index file. */
function spellings(address: string): string[] {
  const [encoded = ''] = address.split('?');
  try {
    const path = decodeURIComponent(encoded)
      .normalize('NFC')
      .replace(/\/index\.html?$/, '/');
    return path.endsWith('/') ? [path, path.slice(0, -1)] : [path, `${path}/`];
  } catch {
    return [];
  }
}
