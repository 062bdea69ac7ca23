/** `/docs`: the API and its errors to read, made from the OpenAPI document and the error catalogue. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { Liquid } from 'liquidjs';
import { errorCatalog } from '../../errors.ts';
import type { JsonObject } from '../json.ts';
import { toReference } from './model.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const fontFile = '@fontsource-variable/newsreader/files/newsreader-latin-wght-normal.woff2';

/** @param describe the finished OpenAPI document */
export function registerReference(app: FastifyInstance, describe: () => JsonObject): void {
  const engine = createEngine();
  const assets = {
    'style.css': { type: 'text/css; charset=utf-8', content: readFileSync(`${folder}style.css`) },
    'copy.js': { type: 'text/javascript; charset=utf-8', content: readFileSync(`${folder}copy.js`) },
    'newsreader.woff2': {
      type: 'font/woff2',
      content: readFileSync(fileURLToPath(import.meta.resolve(fontFile))),
    },
  };

  app.get('/docs', { schema: { hide: true } }, async (_request, reply) => {
    const reference = toReference(describe());
    return reply
      .type('text/html; charset=utf-8')
      .send(await engine.renderFile('api', { heading: reference.title, page: 'api', reference }));
  });

  app.get('/docs/errors', { schema: { hide: true } }, async (_request, reply) => {
    const errors = Object.entries(errorCatalog).map(([code, error]) => ({ code, ...error }));
    return reply
      .type('text/html; charset=utf-8')
      .send(await engine.renderFile('errors', { heading: 'Errors', page: 'errors', errors }));
  });

  for (const [name, { type, content }] of Object.entries(assets)) {
    app.get(`/docs/${name}`, { schema: { hide: true } }, async (_request, reply) =>
      reply.type(type).header('cache-control', 'public, max-age=3600').send(content),
    );
  }
}

function createEngine(): Liquid {
  const engine = new Liquid({ root: folder, extname: '.liquid', outputEscape: 'escape', cache: true });
  // Descriptions mark code by backticks, as Markdown does.
  engine.registerFilter('code', {
    raw: true,
    handler: (text: unknown) => escapeHtml(String(text)).replaceAll(/`([^`]+)`/g, '<code>$1</code>'),
  });
  return engine;
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? '');
}
