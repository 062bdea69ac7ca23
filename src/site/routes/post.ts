/** One post or page, and the addresses that lead to it. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Post } from '../../blog/posts/post.ts';
import { BroadsheetError } from '../../errors.ts';
import { paths } from '../address.ts';
import {
  pageNotFound,
  reader,
  redirectPermanently,
  type SiteContext,
  sendPage,
  siteAround,
} from '../pages.ts';
import { presentPostPage } from '../presenters/page.ts';
import { type NamedLink, type PostCardView, presentPost, presentPostCard } from '../presenters/posts.ts';
import { redirectIfMoved } from '../redirects.ts';

interface SlugParams {
  Params: { slug: string };
}

export function registerPostRoutes(app: FastifyInstance, context: SiteContext): void {
  app.get<SlugParams>('/:slug/', show);
  app.get<SlugParams>('/:slug', show);

  async function show(request: FastifyRequest<SlugParams>, reply: FastifyReply): Promise<FastifyReply> {
    const post = await findPost(request.params.slug);
    if (!post) {
      if (await redirectIfMoved(context, request, reply)) return reply;
      throw pageNotFound();
    }
    // Asked for by id, in another form of the slug, or without the final slash.
    const path = paths.post(post.slug);
    if (!isSamePath(request, path)) return redirectPermanently(request, reply, path);
    const [site, earlier] = await Promise.all([siteAround(context), earlierThan(post)]);
    return sendPage(reply, context, post.type, {
      site,
      page: presentPostPage(site, post),
      post: presentPost(post),
      earlier,
    });
  }

  async function findPost(slug: string): Promise<Post | null> {
    try {
      // Some systems write accents as characters of their own; slugs are stored composed.
      return await context.posts.find(slug.normalize('NFC'), reader);
    } catch (error) {
      if (error instanceof BroadsheetError && error.status === 404) return null;
      throw error;
    }
  }

  async function earlierThan(post: Post): Promise<EarlierView> {
    if (post.type === 'page') return { tag: null, posts: [] };
    const { tag, posts } = await context.posts.earlier(post);
    return {
      tag: tag && { name: tag.name, url: paths.tag(tag.slug) },
      posts: posts.map(presentPostCard),
    };
  }
}

/** The posts right before this one, and the tag that they share with it, if they do. */
interface EarlierView {
  tag: NamedLink | null;
  posts: PostCardView[];
}

/** Compares decoded, because browsers differ in what they encode. */
function isSamePath(request: FastifyRequest, path: string): boolean {
  const [asked = ''] = request.url.split('?');
  return decodeURIComponent(asked) === decodeURIComponent(path);
}
