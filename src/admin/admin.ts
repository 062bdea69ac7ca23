/** The admin pages at `/admin/`: server-rendered, and usable without JavaScript. */
import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import { refuseCrossOrigin } from '../identity/cross-origin.ts';
import { requireLogIn, requireOwner } from './access.ts';
import { AdminAssets } from './assets.ts';
import { errorHandler, notFoundHandler } from './failures.ts';
import type { AdminContext } from './pages.ts';
import type { AdminPorts } from './ports.ts';
import { registerEditorRoutes } from './routes/editor.ts';
import { registerPostActionRoutes } from './routes/post-actions.ts';
import { registerPostListRoutes } from './routes/post-list.ts';
import { registerPreviewRoutes } from './routes/preview.ts';
import { registerProfileRoutes } from './routes/profile.ts';
import { registerRevisionRoutes } from './routes/revisions.ts';
import { registerSessionRoutes } from './routes/session.ts';
import { registerSetupRoutes } from './routes/setup.ts';
import { registerTermRoutes } from './routes/terms.ts';
import { registerTokenRoutes } from './routes/tokens.ts';
import { registerUserRoutes } from './routes/users.ts';

/**
 * Adds the admin pages to `app`, whose requests must have a `principal`.
 *
 * @example await registerAdmin(app, { config, posts, tags, authors, identity, renderer });
 */
export async function registerAdmin(app: FastifyInstance, ports: AdminPorts): Promise<void> {
  const context: AdminContext = { ...ports, assets: new AdminAssets() };
  app.get('/admin', (_request, reply) => reply.redirect('/admin/', 308));
  await app.register(
    async (admin) => {
      await admin.register(formbody, { bodyLimit: formLimit(ports) });
      admin.addHook('onRequest', async (request, reply) => {
        reply.header('cache-control', 'private, no-store');
        // Addresses here hold ids, and the set-up link a secret: other sites get no Referer.
        reply.header('referrer-policy', 'same-origin');
        // Also for forms that need no session: nobody is to be logged in to somebody else's account.
        refuseCrossOrigin(request, ports.config.site.url);
      });
      admin.setErrorHandler(errorHandler(context));
      admin.setNotFoundHandler(notFoundHandler(context));
      context.assets.register(admin);
      registerSetupRoutes(admin, context);
      registerSessionRoutes(admin, context);
      registerEditorRoutes(admin, context);
      await admin.register(async (known) => {
        known.addHook('preHandler', requireLogIn);
        registerPostListRoutes(known, context);
        registerPostActionRoutes(known, context);
        registerPreviewRoutes(known, context);
        registerRevisionRoutes(known, context);
        registerTermRoutes(known, context);
        registerTokenRoutes(known, context);
        registerProfileRoutes(known, context);
        await known.register(async (owners) => {
          owners.addHook('preHandler', requireOwner);
          registerUserRoutes(owners, context);
        });
      });
    },
    { prefix: '/admin' },
  );
}

/** A form encodes a byte in up to three characters, so that a text of the permitted size fits. */
function formLimit({ config }: AdminPorts): number {
  return config.http.maxBodyKb * 1024 * 3;
}
