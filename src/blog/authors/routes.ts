/** The authors API. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Addresses } from '../addresses.ts';
import { type Author, type AuthorJson, AuthorListSchema, AuthorSchema } from './schemas.ts';
import type { AuthorService } from './service.ts';

const params = Type.Object({ slug: Type.String({ maxLength: 300, description: 'The slug of the author.' }) });

export function registerAuthorRoutes(
  server: FastifyInstance,
  authors: AuthorService,
  addresses: Addresses,
): void {
  const app = server.withTypeProvider<TypeBoxTypeProvider>();

  app.get(
    '/authors',
    {
      config: { publicCache: { query: [], isPage: false } },
      schema: {
        tags: ['authors'],
        operationId: 'listAuthors',
        summary: 'List authors that published posts have',
        response: { 200: AuthorListSchema },
      },
    },
    async () => ({ authors: (await authors.list()).map(present) }),
  );

  app.get(
    '/authors/:slug',
    {
      config: { publicCache: { query: [], isPage: false } },
      schema: {
        tags: ['authors'],
        operationId: 'getAuthor',
        summary: 'Read one author',
        params,
        response: { 200: AuthorSchema },
      },
    },
    async (request) => present(await authors.find(request.params.slug)),
  );

  function present(author: Author): AuthorJson {
    return { ...author, url: addresses.author(author.slug) };
  }
}
