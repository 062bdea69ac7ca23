/** The first visit: the one-time link makes the owner. */
import type { FastifyInstance } from 'fastify';
import { BroadsheetError } from '../../errors.ts';
import { Form } from '../form.ts';
import { type AdminContext, sendPage } from '../pages.ts';

export function registerSetupRoutes(app: FastifyInstance, context: AdminContext): void {
  const { identity } = context;

  app.get<{ Querystring: { token?: unknown } }>('/setup', async (request, reply) => {
    const { token } = request.query;
    if (typeof token !== 'string' || !(await identity.isSetupToken(token))) throw invalidLink();
    return sendPage(context, request, reply, 'setup', {
      title: 'Welcome to your blog',
      model: { token, form: { name: '', email: '' }, blog: context.config.site },
    });
  });

  app.post('/setup', async (request, reply) => {
    const form = new Form(request.body);
    const token = form.text('token');
    const owner = { name: form.text('name'), email: form.text('email'), password: form.raw('password') };
    try {
      await identity.completeSetup(token, owner);
    } catch (failure) {
      if (!(failure instanceof BroadsheetError) || failure.code === 'forbidden') throw failure;
      return sendPage(context, request, reply, 'setup', {
        title: 'Welcome to your blog',
        failure,
        model: { token, form: { name: owner.name, email: owner.email }, blog: context.config.site },
      });
    }
    const { cookie } = await identity.logIn(owner, request);
    return reply.header('set-cookie', cookie).redirect('/admin/', 303);
  });
}

const invalidLink = () =>
  new BroadsheetError(
    'forbidden',
    'This set-up link was used already, or a later start of the blog has printed a newer one. If you have an account, log in.',
  );
