/** Logging in and out. */
import type { FastifyInstance } from 'fastify';
import { BroadsheetError } from '../../errors.ts';
import { safeNext } from '../access.ts';
import { Form } from '../form.ts';
import { type AdminContext, sendPage } from '../pages.ts';

export function registerSessionRoutes(app: FastifyInstance, context: AdminContext): void {
  const { identity } = context;

  app.get<{ Querystring: { next?: unknown } }>('/log-in', async (request, reply) => {
    const next = safeNext(request.query.next);
    if (request.principal.kind === 'user') return reply.redirect(next, 303);
    const model = { next, form: { email: '' }, needsSetup: await identity.needsSetup() };
    return sendPage(context, request, reply, 'log-in', { title: 'Log in', model });
  });

  app.post('/log-in', async (request, reply) => {
    const form = new Form(request.body);
    const next = safeNext(form.text('next'));
    const email = form.text('email');
    try {
      const { cookie } = await identity.logIn({ email, password: form.raw('password') }, request);
      return reply.header('set-cookie', cookie).redirect(next, 303);
    } catch (failure) {
      if (!(failure instanceof BroadsheetError)) throw failure;
      const model = { next, form: { email }, needsSetup: await identity.needsSetup() };
      return sendPage(context, request, reply, 'log-in', { title: 'Log in', failure, model });
    }
  });

  app.post('/log-out', async (request, reply) => {
    const cookie = await identity.logOut(request);
    return reply.header('set-cookie', cookie).redirect('/admin/log-in?done=logged-out', 303);
  });
}
