/** API tokens: made, shown once, revoked. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BroadsheetError } from '../../errors.ts';
import { can, scopes } from '../../identity/principal.ts';
import { roles } from '../../identity/roles.ts';
import { lowerRole, scopesOf } from '../../identity/user.ts';
import { Form } from '../form.ts';
import { type AdminContext, sendPage } from '../pages.ts';

interface TokenForm {
  name: string;
  role: string;
  scopes: string[];
  days: string;
}

const DAY_MS = 86_400_000;

export function registerTokenRoutes(app: FastifyInstance, context: AdminContext): void {
  const { identity } = context;

  app.get('/tokens', (request, reply) => {
    const own = request.principal.role ?? 'author';
    const form = {
      name: '',
      role: lowerRole(own, 'editor'),
      scopes: ['posts:read', 'posts:write'],
      days: '90',
    };
    return sendTokens(context, request, reply, { form });
  });

  app.post('/tokens', async (request, reply) => {
    const body = new Form(request.body);
    const form = {
      name: body.text('name'),
      role: body.text('role'),
      scopes: body.all('scopes'),
      days: body.text('days'),
    };
    try {
      const role = roles.find((each) => each === form.role);
      const days = Number(form.days);
      const { token, info } = await identity.createToken(
        {
          name: form.name,
          scopes: scopes.filter((scope) => form.scopes.includes(scope)),
          ...(role ? { role } : {}),
          ...(days > 0 && days <= 3660
            ? { expiresAt: new Date(Date.now() + days * DAY_MS).toISOString() }
            : {}),
        },
        request.principal,
      );
      // Not led on to another address: this answer is the one place where the token is.
      return sendTokens(context, request, reply, {
        form: { ...form, name: '' },
        made: { token, name: info.name },
      });
    } catch (failure) {
      if (!(failure instanceof BroadsheetError)) throw failure;
      return sendTokens(context, request, reply, { form, failure });
    }
  });

  app.post<{ Params: { id: string } }>('/tokens/:id/revoke', async (request, reply) => {
    await identity.revokeToken(request.params.id, request.principal);
    return reply.redirect('/admin/tokens?done=revoked', 303);
  });
}

async function sendTokens(
  context: AdminContext,
  request: FastifyRequest,
  reply: FastifyReply,
  state: { form: TokenForm; made?: { token: string; name: string }; failure?: BroadsheetError },
): Promise<FastifyReply> {
  const { principal } = request;
  const own = principal.role ?? 'author';
  const now = new Date().toISOString();
  const tokens = await context.identity.listTokens(principal);
  return sendPage(context, request, reply, 'tokens', {
    title: 'API tokens',
    section: 'tokens',
    ...(state.failure ? { failure: state.failure } : {}),
    model: {
      form: state.form,
      made: state.made ?? null,
      tokens: tokens.map((token) => ({
        ...token,
        isExpired: token.expiresAt !== null && token.expiresAt <= now,
      })),
      roles: roles.filter((role) => lowerRole(role, own) === role),
      scopes: scopesOf(own).filter((scope) => can(principal, scope)),
    },
  });
}
