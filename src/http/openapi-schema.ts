/** Schemas as readers and generators of clients like them, and examples made from them. */
import { asObject, type Json, type JsonObject } from './json.ts';

/** Unions of words become one `enum`, and "this or null" one list of types: the same, said shorter. */
export function simplify(schema: JsonObject): JsonObject {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf)) return schema;
  const alternatives = anyOf.map(asObject);
  const words = alternatives.flatMap(({ const: word, enum: several }) =>
    Array.isArray(several) ? several : word === undefined ? [] : [word],
  );
  if (alternatives.every((each) => each['const'] !== undefined || Array.isArray(each['enum']))) {
    return { type: 'string', enum: words, ...rest };
  }
  const [first, second] = alternatives;
  if (alternatives.length === 2 && second?.['type'] === 'null' && typeof first?.['type'] === 'string') {
    return { ...first, ...rest, type: [first['type'], 'null'] };
  }
  return schema;
}

/**
 * A value that fits the schema: its own example where it has one, and what its parts say where not.
 * Of an object, what is required and what has an example of its own.
 */
export function exampleOf(schema: JsonObject, schemas: JsonObject): Json {
  const { $ref, examples, default: preset, enum: words, type, format } = schema;
  if (typeof $ref === 'string') return exampleOf(asObject(schemas[$ref.split('/').at(-1) ?? '']), schemas);
  if (Array.isArray(examples)) return examples[0] ?? null;
  if (preset !== undefined) return preset;
  if (Array.isArray(words)) return words[0] ?? null;
  if (Array.isArray(schema['anyOf'])) return exampleOf(asObject(schema['anyOf'][0]), schemas);
  if (format === 'date-time') return '2026-01-31T12:00:00.000Z';
  switch (Array.isArray(type) ? type[0] : type) {
    case 'object':
      return exampleObject(schema, schemas);
    case 'array':
      return [exampleOf(asObject(schema['items']), schemas)];
    case 'integer':
    case 'number':
      return schema['minimum'] ?? 1;
    case 'boolean':
      return true;
    default:
      return Array.isArray(type) ? null : 'text';
  }
}

function exampleObject(schema: JsonObject, schemas: JsonObject): JsonObject {
  const { required } = schema;
  const shown = Object.entries(asObject(schema['properties'])).filter(
    ([name, property]) =>
      (Array.isArray(required) && required.includes(name)) || asObject(property)['examples'] !== undefined,
  );
  return Object.fromEntries(shown.map(([name, property]) => [name, exampleOf(asObject(property), schemas)]));
}
