/** What a known path says to a method that it doesn't have (RFC 9110, 15.5.6), and to OPTIONS (9.3.7). */
import type { FastifyInstance, HTTPMethods } from 'fastify';
import { BroadsheetError } from '../errors.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const;

/** Begins to note which routes there are. Call it before they are added; what it returns, after. */
export function noteRoutes(app: FastifyInstance): { answerOtherMethods(): void } {
  const routes = new Map<string, { url: string; known: Set<HTTPMethods> }>();
  app.addHook('onRoute', ({ url, method }) => {
    // The router takes parameters of any name as the same path.
    const key = url.replaceAll(/:[^/.-]+/g, ':');
    const route = routes.get(key) ?? { url, known: new Set() };
    for (const each of [method].flat()) route.known.add(each);
    routes.set(key, route);
  });
  return {
    answerOtherMethods() {
      for (const { url, known } of [...routes.values()]) answerOthers(app, url, new Set(known));
    },
  };
}

function answerOthers(app: FastifyInstance, url: string, known: ReadonlySet<string>): void {
  const missing = methods.filter((method) => !known.has(method));
  const allow = methods.filter((method) => known.has(method) || method === 'OPTIONS').join(', ');
  const schema = { hide: true };
  const refused = missing.filter((method) => method !== 'OPTIONS');
  // As a hook, so that it comes before the body is read: of what type that is doesn't matter.
  const refuse = async (): Promise<never> => {
    throw new BroadsheetError('method_not_allowed', `This address takes ${allow}.`, { headers: { allow } });
  };
  if (refused.length > 0) {
    app.route({ method: refused, url, schema, exposeHeadRoute: false, onRequest: refuse, handler: refuse });
  }
  if (missing.includes('OPTIONS')) {
    app.options(url, { schema }, async (_request, reply) => reply.status(204).header('allow', allow).send());
  }
}
