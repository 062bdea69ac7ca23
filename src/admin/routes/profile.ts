/** The visitor's own name and password. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BroadsheetError } from '../../errors.ts';
import { Form } from '../form.ts';
import { type AdminContext, sendPage } from '../pages.ts';

export function registerProfileRoutes(app: FastifyInstance, context: AdminContext): void {
  const { identity } = context;

  app.get('/profile', (request, reply) => sendProfile(context, request, reply));

  app.post('/profile', async (request, reply) => {
    const { principal } = request;
    try {
      await identity.renameUser(principal.id, new Form(request.body).text('name'), principal);
    } catch (failure) {
      if (!(failure instanceof BroadsheetError)) throw failure;
      return sendProfile(context, request, reply, failure);
    }
    return reply.redirect('/admin/profile?done=renamed', 303);
  });

  app.post('/profile/password', async (request, reply) => {
    const form = new Form(request.body);
    try {
      const change = { current: form.raw('current'), next: form.raw('next') };
      const { cookie } = await identity.changePassword(change, request);
      return reply.header('set-cookie', cookie).redirect('/admin/profile?done=password-changed', 303);
    } catch (failure) {
      if (!(failure instanceof BroadsheetError)) throw failure;
      return sendProfile(context, request, reply, failure);
    }
  });
}

async function sendProfile(
  context: AdminContext,
  request: FastifyRequest,
  reply: FastifyReply,
  failure?: BroadsheetError,
): Promise<FastifyReply> {
  const { principal } = request;
  if (principal.kind !== 'user') {
    throw new BroadsheetError('forbidden', 'Log in to see your profile: it belongs to an account.');
  }
  return sendPage(context, request, reply, 'profile', {
    title: 'Your profile',
    section: 'profile',
    ...(failure ? { failure } : {}),
    model: { user: await context.identity.findUser(principal.id) },
  });
}
