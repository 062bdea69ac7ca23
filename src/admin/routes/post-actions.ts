/** What can be done to a post without opening its text: publish, take back, delete. */
import type { FastifyInstance } from 'fastify';
import { Form } from '../form.ts';
import { type AdminContext, sendPage } from '../pages.ts';
import { editablePost } from './editor.ts';

interface PostParams {
  Params: { id: string };
}

export function registerPostActionRoutes(app: FastifyInstance, context: AdminContext): void {
  app.post<PostParams>('/posts/:id/publish', async (request, reply) => {
    const { id } = request.params;
    await context.posts.update(id, { status: 'published' }, versionOf(request.body), request.principal);
    return reply.redirect(`/admin/posts/${id}?done=published`, 303);
  });

  app.post<PostParams>('/posts/:id/unpublish', async (request, reply) => {
    const { id } = request.params;
    await context.posts.update(id, { status: 'draft' }, versionOf(request.body), request.principal);
    return reply.redirect(`/admin/posts/${id}?done=unpublished`, 303);
  });

  app.get<PostParams>('/posts/:id/delete', async (request, reply) => {
    const post = await editablePost(context, request, request.params.id);
    return sendPage(context, request, reply, 'delete-post', {
      title: `Delete ${post.title}?`,
      section: 'posts',
      model: { post },
    });
  });

  app.post<PostParams>('/posts/:id/delete', async (request, reply) => {
    await context.posts.delete(request.params.id, versionOf(request.body), request.principal);
    return reply.redirect('/admin/?done=deleted', 303);
  });
}

/** The version that the visitor saw: nobody publishes or deletes what they haven't seen. */
function versionOf(body: unknown): { ifVersion: readonly number[] } {
  return { ifVersion: [Number(new Form(body).text('version')) || 0] };
}
