/** Past versions of a post. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply } from 'fastify';
import Type from 'typebox';
import { parseIfMatch } from '../../http/preconditions.ts';
import type { Post } from './post.ts';
import { type PostJson, PostSchema, RevisionListSchema } from './schemas.ts';
import type { PostService } from './service.ts';

const params = Type.Object({ id: Type.String({ maxLength: 300, description: 'The id of the post.' }) });
const security = [{ bearer: [] }];
const tags = ['revisions'];

export function registerRevisionRoutes(
  server: FastifyInstance,
  posts: PostService,
  answer: (reply: FastifyReply, post: Post) => PostJson,
): void {
  const app = server.withTypeProvider<TypeBoxTypeProvider>();

  app.get(
    '/posts/:id/revisions',
    {
      schema: {
        tags,
        security,
        operationId: 'listRevisions',
        summary: 'List the versions of a post, newest first',
        params,
        response: { 200: RevisionListSchema },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'private, no-store');
      return { revisions: await posts.revisions(request.params.id, request.principal) };
    },
  );

  app.post(
    '/posts/:id/revisions/:version/restore',
    {
      schema: {
        tags,
        security,
        operationId: 'restoreRevision',
        summary: 'Bring back a version, as a new one',
        params: Type.Object({
          ...params.properties,
          version: Type.Integer({ minimum: 1, description: 'A version from the list.' }),
        }),
        headers: Type.Object({
          'if-match': Type.Optional(
            Type.String({ description: 'ETag of the present version; 412 when there is a newer one.' }),
          ),
        }),
        response: { 200: PostSchema },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'private, no-store');
      const options = { ifVersion: parseIfMatch(request.headers['if-match']) };
      const { id, version } = request.params;
      return answer(reply, await posts.restoreRevision(id, version, options, request.principal));
    },
  );
}
