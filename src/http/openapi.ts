/** `/openapi.json`: OpenAPI 3.1, made from the schemas that the routes are declared with. */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { errorCatalog } from '../errors.ts';
import { finishDocument, type JsonObject, nameSchemas } from './openapi-document.ts';
import { registerReference } from './reference/routes.ts';

export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'Where the code is documented.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What is wrong and what to do.' }),
    code: Type.String({ enum: Object.keys(errorCatalog) }),
    requestId: Type.String(),
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  },
  { $id: 'Problem', description: 'Problem details (RFC 9457)' },
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
        { name: 'operations', description: 'How the program is' },
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
