/** Completes an operation of the description: parameters, answers, headers, examples. */
import { asObject, type Json, type JsonObject } from './json.ts';
import { exampleOf } from './openapi-schema.ts';

const header = (name: string): JsonObject => ({ $ref: `#/components/headers/${name}` });

/** For `components.headers`. */
export const headerComponents: JsonObject = Object.fromEntries(
  Object.entries({
    'X-Request-Id': 'The id of the request; the same in the log and in errors.',
    'X-Response-Time': 'How long the server worked on it, such as `1.23ms`.',
    ETag: 'The version of the post; for `If-Match`.',
    'Last-Modified': 'When the post was changed.',
    Location: 'Where the post is.',
    Link: '`rel="next"` with the address of the next page; absent on the last.',
    'Idempotency-Replayed': '`true` where the answer is that of the first request with the key.',
    'Retry-After': 'After how many seconds to try again.',
    'WWW-Authenticate': 'How to authenticate.',
  }).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
);

const descriptions: Record<string, string> = {
  '200': 'Success.',
  '201': 'Created.',
  '204': 'Done; there is no body.',
  '503': 'Not now.',
};

const errors: Record<string, string> = {
  '400': 'The query, a header or the syntax of the body is not valid.',
  '401': 'The token is not valid, or it is missing where one is needed.',
  '403': 'The token does not allow this.',
  '404': 'There is no such thing, or it is not public.',
  '412': 'The post has changed since the version in `If-Match`.',
  '413': 'The body is too large.',
  '415': 'The body is not JSON.',
  '422': 'The input is not valid; `errors` lists every field to change.',
  default: 'Any other error.',
};

export function finishOperation(operation: JsonObject, schemas: JsonObject): void {
  operation['security'] ??= [];
  for (const parameter of parameters(operation)) finishParameter(parameter);
  const responses = asObject(operation['responses']);
  for (const [status, response] of Object.entries(responses)) {
    finishResponse(operation, status, asObject(response), schemas);
  }
  for (const status of errorsOf(operation)) responses[status] ??= problem(status);
  operation['responses'] = responses;
  addExamples(asObject(operation['requestBody']), schemas);
}

/** What has a default may be left out; descriptions stand where tools look for them. */
function finishParameter(parameter: JsonObject): void {
  const schema = asObject(parameter['schema']);
  if (schema['default'] !== undefined) parameter['required'] = false;
  if (schema['description'] !== undefined) parameter['description'] ??= schema['description'];
}

function finishResponse(
  operation: JsonObject,
  status: string,
  response: JsonObject,
  schemas: JsonObject,
): void {
  if (response['description'] === 'Default Response') {
    response['description'] = descriptions[status] ?? 'Success.';
  }
  const content = asObject(asObject(response['content'])['application/json']);
  const schema = asObject(content['schema'])['$ref'];
  const names = ['X-Request-Id', 'X-Response-Time'];
  if (schema === '#/components/schemas/Post') names.push('ETag', 'Last-Modified');
  if (schema === '#/components/schemas/PostList') names.push('Link');
  if (status === '201' || status === '301') names.push('Location');
  if (status === '201' && has(operation, 'idempotency-key')) names.push('Idempotency-Replayed');
  response['headers'] = headersNamed(names);
  addExamples(response, schemas);
}

/** The errors that follow from what the operation takes. A token that is not valid is refused by all of them. */
function errorsOf(operation: JsonObject): string[] {
  const takesBody = operation['requestBody'] !== undefined;
  const places = parameters(operation).map((parameter) => parameter['in']);
  return [
    ...(takesBody || places.includes('query') || places.includes('header') ? ['400'] : []),
    '401',
    ...(Array.isArray(operation['security']) && operation['security'].length > 0 ? ['403'] : []),
    ...(places.includes('path') ? ['404'] : []),
    ...(has(operation, 'if-match') ? ['412'] : []),
    ...(takesBody ? ['413', '415', '422'] : []),
    'default',
  ];
}

function problem(status: string): JsonObject {
  const names = ['X-Request-Id', 'X-Response-Time'];
  if (status === '401') names.push('WWW-Authenticate');
  if (status === 'default') names.push('Retry-After');
  return {
    description: errors[status] ?? '',
    headers: headersNamed(names),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

function addExamples(owner: JsonObject, schemas: JsonObject): void {
  for (const [type, content] of Object.entries(asObject(owner['content']))) {
    const media = asObject(content);
    if (type.includes('json')) media['example'] ??= exampleOf(asObject(media['schema']), schemas);
  }
}

function headersNamed(names: string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, header(name)]));
}

function has(operation: JsonObject, name: string): boolean {
  return parameters(operation).some((parameter) => parameter['name'] === name);
}

function parameters(operation: JsonObject): JsonObject[] {
  const list: Json | undefined = operation['parameters'];
  return Array.isArray(list) ? list.map(asObject) : [];
}
