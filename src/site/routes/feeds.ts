/** RSS, Atom and JSON Feed of the newest posts. */
import type { FastifyInstance } from 'fastify';
import type { Post, PostSummary } from '../../blog/posts/post.ts';
import { writeAtom } from '../feeds/atom.ts';
import { type Feed, feedSize, makeFeed } from '../feeds/feed.ts';
import { writeJsonFeed } from '../feeds/json.ts';
import { writeRss } from '../feeds/rss.ts';
import { reader, type SiteContext } from '../pages.ts';
import { presentSite } from '../presenters/site.ts';

const formats: { path: string; contentType: string; write: (feed: Feed) => string }[] = [
  { path: '/rss.xml', contentType: 'application/rss+xml; charset=utf-8', write: writeRss },
  { path: '/atom.xml', contentType: 'application/atom+xml; charset=utf-8', write: writeAtom },
  { path: '/feed.json', contentType: 'application/feed+json; charset=utf-8', write: writeJsonFeed },
];

export function registerFeedRoutes(app: FastifyInstance, context: SiteContext): void {
  for (const { path, contentType, write } of formats) {
    app.get(path, async (_request, reply) => {
      const { posts } = await context.posts.list(
        { type: 'post', limit: feedSize, include: 'content' },
        reader,
      );
      const site = presentSite(context.config.site, context.origin.value, []);
      return reply.type(contentType).send(write(makeFeed(site, path, posts.filter(hasContent))));
    });
  }
}

function hasContent(post: PostSummary | Post): post is Post {
  return 'html' in post;
}
