/** Who may log in; for owners. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BroadsheetError } from '../../errors.ts';
import { type Role, roles } from '../../identity/roles.ts';
import { Form } from '../form.ts';
import { type AdminContext, sendPage } from '../pages.ts';

interface UserParams {
  Params: { id: string };
}

export function registerUserRoutes(app: FastifyInstance, context: AdminContext): void {
  const { identity } = context;

  app.get('/users', (request, reply) => sendUsers(context, request, reply));

  app.post('/users', async (request, reply) => {
    const body = new Form(request.body);
    const form = { name: body.text('name'), email: body.text('email'), role: readRole(body) };
    try {
      await identity.createUser({ ...form, password: body.raw('password') }, request.principal);
    } catch (failure) {
      if (!(failure instanceof BroadsheetError)) throw failure;
      return sendUsers(context, request, reply, { form, failure });
    }
    return reply.redirect('/admin/users?done=user-created', 303);
  });

  app.post<UserParams>('/users/:id/role', async (request, reply) => {
    await identity.setRole(request.params.id, readRole(new Form(request.body)), request.principal);
    return reply.redirect('/admin/users?done=role-changed', 303);
  });

  app.post<UserParams>('/users/:id/password', async (request, reply) => {
    const password = new Form(request.body).raw('password');
    try {
      await identity.resetPassword(request.params.id, password, request.principal);
    } catch (failure) {
      if (!(failure instanceof BroadsheetError) || failure.code !== 'validation_failed') throw failure;
      return sendUsers(context, request, reply, { failure, passwordOf: request.params.id });
    }
    return reply.redirect('/admin/users?done=password-reset', 303);
  });

  app.post<UserParams>('/users/:id/remove', async (request, reply) => {
    await identity.removeUser(request.params.id, request.principal);
    return reply.redirect('/admin/users?done=user-removed', 303);
  });
}

async function sendUsers(
  context: AdminContext,
  request: FastifyRequest,
  reply: FastifyReply,
  state: {
    form?: { name: string; email: string; role: Role };
    /** Whose new password was refused. */
    passwordOf?: string;
    failure?: BroadsheetError;
  } = {},
): Promise<FastifyReply> {
  return sendPage(context, request, reply, 'users', {
    title: 'Users',
    section: 'users',
    ...(state.failure ? { failure: state.failure } : {}),
    model: {
      users: await context.identity.listUsers(request.principal),
      form: state.form ?? { name: '', email: '', role: 'author' },
      passwordOf: state.passwordOf ?? null,
      roles,
    },
  });
}

function readRole(form: Form): Role {
  return roles.find((role) => role === form.text('role')) ?? 'author';
}
