/** Finishes the generated document: named schemas become components, every operation gets an id and its errors. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

const methods = ['get', 'put', 'post', 'delete', 'patch'];

/** @param generated what the generator made of the routes @param problem the schema of every error */
export function finishDocument(generated: unknown, problem: unknown): JsonObject {
  const schemas: JsonObject = {};
  const document = asObject(hoist(toJson(generated), schemas));
  hoist(nameSchemas(problem), schemas);
  document['components'] = { ...asObject(document['components']), schemas };
  for (const [path, item] of Object.entries(asObject(document['paths']))) {
    for (const [method, operation] of Object.entries(asObject(item))) {
      if (methods.includes(method)) finishOperation(asObject(operation), method, path);
    }
  }
  return document;
}

/** The generator drops `$id` and what refers to it; names that it doesn't know pass. */
const nameKey = 'x-name';

/** A route's schema for the generator: each `$id` becomes a name that {@link finishDocument} finds again. */
export function nameSchemas(schema: unknown): JsonObject {
  return asObject(withNames(toJson(schema)));
}

function withNames(value: Json): Json {
  if (Array.isArray(value)) return value.map(withNames);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) =>
      key === '$id' && typeof child === 'string' ? [nameKey, child] : [key, withNames(child)],
    ),
  );
}

/** Whatever the generator holds, as the JSON that it will be. */
function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}

/** Replaces each schema that has a name by a reference, and collects it. */
function hoist(value: Json, schemas: JsonObject): Json {
  if (Array.isArray(value)) return value.map((entry) => hoist(entry, schemas));
  if (value === null || typeof value !== 'object') return value;
  const { [nameKey]: name, ...rest } = value;
  const copy = Object.fromEntries(Object.entries(rest).map(([key, child]) => [key, hoist(child, schemas)]));
  if (typeof name !== 'string') return copy;
  schemas[name] = copy;
  return { $ref: `#/components/schemas/${name}` };
}

function finishOperation(operation: JsonObject, method: string, path: string): void {
  const words = path
    .split('/')
    .flatMap((segment) => (segment.startsWith('{') ? `by-${segment.slice(1, -1)}` : segment || []));
  operation['operationId'] = camelCase([method, ...words].join('-'));
  operation['security'] ??= [];
  const responses = asObject(operation['responses']);
  for (const response of Object.values(responses)) {
    const described = asObject(response);
    if (described['description'] === 'Default Response') described['description'] = 'Success';
  }
  responses['default'] = {
    description: 'An error, as problem details',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  operation['responses'] = responses;
}

function camelCase(text: string): string {
  return text.replaceAll(/[-.]+([a-zA-Z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The value where it is an object, else an empty one. */
export function asObject(value: Json | undefined): JsonObject {
  return value !== undefined && value !== null && typeof value === 'object' && !Array.isArray(value)
    ? value
    : {};
}
