/** `/openapi.json`: OpenAPI 3.1, made from the schemas that the routes are declared with. */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { errorCatalog } from '../errors.ts';
import type { JsonObject } from './json.ts';
import { finishDocument, nameSchemas } from './openapi-document.ts';
import { registerReference } from './reference/routes.ts';

export const ProblemSchema = Type.Object(
  {
    type: Type.String({
      description: 'Where the code is documented.',
      examples: ['/docs/errors#post_not_found'],
    }),
    title: Type.String({ description: 'The code in words.', examples: ['Post not found'] }),
    status: Type.Integer({ description: 'The HTTP status.', examples: [404] }),
    detail: Type.String({
      description: 'What is wrong and what to do.',
      examples: ['There is no published post at this address.'],
    }),
    code: Type.String({
      enum: Object.keys(errorCatalog),
      description: 'For programs; it stays when words change.',
      examples: ['post_not_found'],
    }),
    requestId: Type.String({
      description: 'As in `X-Request-Id`, and in the log.',
      examples: ['019bb0c4-7a1e-7c3a-9f0e-2b7f6c1d4e5a'],
    }),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          path: Type.String({ description: 'JSON Pointer into the body, or the name of a parameter.' }),
          message: Type.String({ description: 'What to change.' }),
        }),
        { description: 'Everything that is wrong with the input.' },
      ),
    ),
  },
  { $id: 'Problem', description: 'Problem details (RFC 9457), with a code from the list of errors.' },
);

export interface ApiInfo {
  version: string;
  origin: string;
}

/** Call it before the routes are added. */
export async function describeApi(app: FastifyInstance, { version, origin }: ApiInfo): Promise<void> {
  await app.register(swagger, {
    // The reader pages have no schema: they are no part of the API.
    transform: ({ schema, url }) => ({ schema: schema ? nameSchemas(schema) : { hide: true }, url }),
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Broadsheet API',
        version,
        description:
          'Posts, tags and authors of a blog. Times are RFC 3339 in UTC, ids are UUIDv7, errors are problem details (RFC 9457).',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: origin }],
      tags: [
        { name: 'posts', description: 'Reading and writing posts' },
        { name: 'revisions', description: 'Past versions of a post' },
        { name: 'tags', description: 'Tags of published posts' },
        { name: 'authors', description: 'Authors of published posts' },
        { name: 'operations', description: 'Health and metrics' },
      ],
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: 'A token from the admin page or `broadsheet token create`',
          },
        },
      },
    },
  });
}

/** Serves the document, and pages to read. Call it after the routes were added. */
export function serveDescription(app: FastifyInstance): void {
  let document: JsonObject | undefined;
  const describe = (): JsonObject => {
    document ??= finishDocument(app.swagger(), ProblemSchema);
    return document;
  };
  app.get('/openapi.json', { schema: { hide: true } }, async () => describe());
  registerReference(app, describe);
}
