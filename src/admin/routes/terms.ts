/** Tags and authors, with how many published posts they have. */
import type { FastifyInstance } from 'fastify';
import { type AdminContext, sendPage } from '../pages.ts';

export function registerTermRoutes(app: FastifyInstance, context: AdminContext): void {
  app.get('/terms', async (request, reply) => {
    const [tags, authors] = await Promise.all([context.tags.list(), context.authors.list()]);
    return sendPage(context, request, reply, 'terms', {
      title: 'Tags and authors',
      section: 'terms',
      model: { tags, authors },
    });
  });
}
