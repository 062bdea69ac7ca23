/** Finishes the generated document: named schemas become components, every operation its errors, headers and examples. */
import { asObject, type Json, type JsonObject } from './json.ts';
import { finishOperation, headerComponents } from './openapi-operation.ts';
import { simplify } from './openapi-schema.ts';

const methods = ['get', 'put', 'post', 'delete', 'patch'];

/** @param generated what the generator made of the routes @param problem the schema of every error */
export function finishDocument(generated: unknown, problem: unknown): JsonObject {
  const schemas: JsonObject = {};
  const document = asObject(hoist(toJson(generated), schemas));
  hoist(nameSchemas(problem), schemas);
  document['components'] = { ...asObject(document['components']), headers: headerComponents, schemas };
  for (const item of Object.values(asObject(document['paths']))) {
    for (const [method, operation] of Object.entries(asObject(item))) {
      if (methods.includes(method)) finishOperation(asObject(operation), schemas);
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
  const copy = simplify(
    Object.fromEntries(Object.entries(rest).map(([key, child]) => [key, hoist(child, schemas)])),
  );
  if (typeof name !== 'string') return copy;
  schemas[name] = copy;
  return { $ref: `#/components/schemas/${name}` };
}
