/** The tags API. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Addresses } from '../addresses.ts';
import { type Tag, type TagJson, TagListSchema, TagSchema } from './schemas.ts';
import type { TagService } from './service.ts';

const params = Type.Object({ slug: Type.String({ maxLength: 300, description: 'The slug of the tag.' }) });

export function registerTagRoutes(server: FastifyInstance, tags: TagService, addresses: Addresses): void {
  const app = server.withTypeProvider<TypeBoxTypeProvider>();

  app.get(
    '/tags',
    {
      config: { publicCache: { query: [], isPage: false } },
      schema: {
        tags: ['tags'],
        operationId: 'listTags',
        summary: 'List tags that published posts have',
        response: { 200: TagListSchema },
      },
    },
    async () => ({ tags: (await tags.list()).map(present) }),
  );

  app.get(
    '/tags/:slug',
    {
      config: { publicCache: { query: [], isPage: false } },
      schema: {
        tags: ['tags'],
        operationId: 'getTag',
        summary: 'Read one tag',
        params,
        response: { 200: TagSchema },
      },
    },
    async (request) => present(await tags.find(request.params.slug)),
  );

  function present(tag: Tag): TagJson {
    return { ...tag, url: addresses.tag(tag.slug) };
  }
}
