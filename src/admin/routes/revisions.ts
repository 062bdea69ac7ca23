/** Earlier versions of a post. */
import type { FastifyInstance } from 'fastify';
import { BroadsheetError } from '../../errors.ts';
import { Form } from '../form.ts';
import { type AdminContext, sendPage } from '../pages.ts';

export function registerRevisionRoutes(app: FastifyInstance, context: AdminContext): void {
  const { posts } = context;

  app.get<{ Params: { id: string } }>('/posts/:id/revisions', async (request, reply) => {
    const { id } = request.params;
    const revisions = await posts.revisions(id, request.principal);
    const post = await posts.find(id, request.principal);
    return sendPage(context, request, reply, 'revisions', {
      title: `Revisions of ${post.title}`,
      section: 'posts',
      model: { post, revisions },
    });
  });

  app.post<{ Params: { id: string; version: string } }>(
    '/posts/:id/revisions/:version/restore',
    async (request, reply) => {
      const { id, version } = request.params;
      const number = Number(version);
      if (!Number.isSafeInteger(number)) {
        throw new BroadsheetError('revision_not_found', 'The post has no such revision.');
      }
      const ifVersion = [Number(new Form(request.body).text('version')) || 0];
      await posts.restoreRevision(id, number, { ifVersion }, request.principal);
      return reply.redirect(`/admin/posts/${id}?done=restored`, 303);
    },
  );
}
