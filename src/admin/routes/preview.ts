/** Shows a post as readers would see its text: as stored, or as it stands in the editor. */
import type { FastifyInstance } from 'fastify';
import { Form } from '../form.ts';
import { type AdminContext, sendPage } from '../pages.ts';
import { readPostForm } from '../post-form.ts';
import { editablePost } from './editor.ts';

export function registerPreviewRoutes(app: FastifyInstance, context: AdminContext): void {
  app.get<{ Params: { id: string } }>('/posts/:id/preview', async (request, reply) => {
    const post = await editablePost(context, request, request.params.id);
    return sendPage(context, request, reply, 'preview', { title: `Preview: ${post.title}`, model: { post } });
  });

  app.post('/preview', async (request, reply) => {
    const form = new Form(request.body);
    const { title, content, featureImage } = readPostForm(form);
    const format = form.text('format') === 'html' ? 'html' : 'markdown';
    const rendered = await context.renderer.render({ content, format });
    return sendPage(context, request, reply, 'preview', {
      title: `Preview: ${title}`,
      model: { post: { ...rendered, title, featureImage } },
    });
  });
}
