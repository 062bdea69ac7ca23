/** The description of the API is complete, and a linter of OpenAPI has nothing against it. */
import { createConfig, lintFromString } from '@redocly/openapi-core';
import Type from 'typebox';
import Value from 'typebox/value';
import { beforeAll, expect, it } from 'vitest';
import { createBlog, openBlog } from '../support/blog.ts';

const OperationSchema = Type.Object({
  operationId: Type.String(),
  summary: Type.String(),
  responses: Type.Record(Type.String(), Type.Unknown()),
  parameters: Type.Optional(Type.Array(Type.Object({ name: Type.String(), description: Type.String() }))),
  requestBody: Type.Optional(Type.Unknown()),
  security: Type.Array(Type.Unknown()),
});
const DocumentSchema = Type.Object({
  paths: Type.Record(Type.String(), Type.Record(Type.String(), OperationSchema)),
});

let source: string;
let operations: Map<string, Type.Static<typeof OperationSchema>>;
beforeAll(async () => {
  const blog = await createBlog();
  source = (await blog.http.inject('/openapi.json')).body;
  await blog.close();
  const { paths } = Value.Parse(DocumentSchema, JSON.parse(source));
  operations = new Map(
    Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation]),
    ),
  );
});

it('satisfies the linter', async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source, config, absoluteRef: 'openapi.json' });
  const told = problems.map(
    ({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`,
  );
  expect(told).toEqual([]);
});

it('has every operation, under a name that stays', () => {
  expect(Object.fromEntries([...operations].map(([route, { operationId }]) => [route, operationId]))).toEqual(
    {
      'GET /posts': 'listPosts',
      'POST /posts': 'createPost',
      'GET /posts/{id}': 'getPost',
      'PATCH /posts/{id}': 'updatePost',
      'PUT /posts/{id}': 'replacePost',
      'DELETE /posts/{id}': 'deletePost',
      'GET /posts/{id}/revisions': 'listRevisions',
      'POST /posts/{id}/revisions/{version}/restore': 'restoreRevision',
      'GET /tags': 'listTags',
      'GET /tags/{slug}': 'getTag',
      'GET /authors': 'listAuthors',
      'GET /authors/{slug}': 'getAuthor',
      'GET /health': 'getHealth',
      'GET /health/live': 'getLiveness',
      'GET /health/ready': 'getReadiness',
      'GET /metrics': 'getMetrics',
    },
  );
});

it('tells which errors an operation has, and which headers', () => {
  expect(Object.keys(operations.get('PATCH /posts/{id}')?.responses ?? {})).toEqual(
    expect.arrayContaining(['200', '400', '401', '403', '404', '412', '413', '415', '422', 'default']),
  );
  expect(operations.get('POST /posts')).toMatchObject({
    security: [{ bearer: [] }],
    requestBody: {
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/PostCreate' },
          example: { title: expect.any(String), content: expect.any(String) },
        },
      },
    },
    responses: {
      201: { headers: { Location: expect.anything(), ETag: expect.anything() } },
    },
  });
  expect(operations.get('GET /posts')).toMatchObject({ responses: { 200: { headers: { Link: {} } } } });
});

it('asks for no parameter that has a default', () => {
  const parameters = operations.get('GET /posts')?.parameters ?? [];
  expect(parameters.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['limit', 'offset', 'after', 'tag', 'author', 'q', 'status', 'sort', 'include']),
  );
  expect(parameters.filter((parameter) => 'required' in parameter && parameter.required === true)).toEqual(
    [],
  );
});

it('shows examples that work', async () => {
  const blog = await openBlog();
  const { paths } = JSON.parse(source);
  const exampleOf = (path: string, method: string) =>
    paths[path][method].requestBody.content['application/json'].example;
  const { id } = await blog.owner.create(exampleOf('/posts', 'post'));
  expect((await blog.owner.patch(`/posts/${id}`, exampleOf('/posts/{id}', 'patch'))).statusCode).toBe(200);
  expect((await blog.owner.put(`/posts/${id}`, exampleOf('/posts/{id}', 'put'))).statusCode).toBe(200);
});
