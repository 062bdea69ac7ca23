/** `/docs`: the API and its errors to read, made from the OpenAPI document and the error catalogue. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { Liquid } from 'liquidjs';
import { errorCatalog } from '../../errors.ts';
import type { JsonObject } from '../json.ts';
import { toReference } from './model.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** @param describe the finished OpenAPI document */
export function registerReference(app: FastifyInstance, describe: () => JsonObject): void {
  const engine = new Liquid({ root: folder, extname: '.liquid', outputEscape: 'escape', cache: true });
  const style = readFileSync(new URL('style.css', import.meta.url));

  app.get('/docs', { schema: { hide: true } }, async (_request, reply) => {
    const reference = toReference(describe());
    return reply
      .type('text/html; charset=utf-8')
      .send(await engine.renderFile('api', { heading: reference.title, reference }));
  });

  app.get('/docs/errors', { schema: { hide: true } }, async (_request, reply) => {
    const errors = Object.entries(errorCatalog).map(([code, error]) => ({ code, ...error }));
    return reply
      .type('text/html; charset=utf-8')
      .send(await engine.renderFile('errors', { heading: 'Errors', errors }));
  });

  app.get('/docs/style.css', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=3600').send(style),
  );
}
