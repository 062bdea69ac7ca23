/** The settings as a flat list, read off the schema: what the loader, its messages and the documentation walk over. */
import Type, { type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { ConfigSchema } from './schema.ts';

const AnnotationSchema = Type.Object({
  env: Type.String(),
  description: Type.String(),
  flag: Type.Optional(Type.String()),
  flagSets: Type.Optional(Type.String()),
  expects: Type.Optional(Type.String()),
  secret: Type.Optional(Type.Boolean()),
});

/** The JSON Schema keywords that the settings use, for reading them without knowing the concrete type. */
const KeywordsSchema = Type.Object({
  type: Type.Optional(Type.String()),
  const: Type.Optional(Type.String()),
  minimum: Type.Optional(Type.Number()),
  maximum: Type.Optional(Type.Number()),
  minLength: Type.Optional(Type.Integer()),
  maxLength: Type.Optional(Type.Integer()),
  expects: Type.Optional(Type.String()),
  anyOf: Type.Optional(Type.Array(Type.Unknown())),
  items: Type.Optional(Type.Unknown()),
  default: Type.Optional(Type.Unknown()),
});
export type Keywords = Static<typeof KeywordsSchema>;

export interface Setting extends Static<typeof AnnotationSchema> {
  /** Where it is in the tree: section and key, as in `http.port`. */
  section: string;
  key: string;
  path: string;
  schema: TSchema;
  keywords: Keywords;
}

/** Every setting, in the order of the schema. */
export const settings: readonly Setting[] = Object.entries(ConfigSchema.properties).flatMap(
  ([section, { properties }]) =>
    Object.entries<TSchema>(properties).map(([key, schema]) => ({
      ...Value.Parse(AnnotationSchema, annotationsOf(schema)),
      section,
      key,
      path: `${section}.${key}`,
      schema,
      keywords: keywordsOf(schema),
    })),
);

export const sections: readonly string[] = Object.keys(ConfigSchema.properties);

/** @throws when the schema uses a keyword in a way that this list does not know, which the tests would show. */
export function keywordsOf(schema: unknown): Keywords {
  return Value.Parse(KeywordsSchema, schema);
}

/** Says what a good value is, to follow "it must be". */
export function expectation(keywords: Keywords): string {
  if (keywords.expects) return keywords.expects;
  if (keywords.anyOf)
    return joinAlternatives(keywords.anyOf.map((option) => expectation(keywordsOf(option))));
  if (keywords.const !== undefined) return keywords.const;
  if (keywords.items !== undefined) return `a list of: ${expectation(keywordsOf(keywords.items))}`;
  switch (keywords.type) {
    case 'integer':
      return `a whole number from ${keywords.minimum} to ${keywords.maximum}`;
    case 'number':
      return `a number from ${keywords.minimum} to ${keywords.maximum}`;
    case 'boolean':
      return 'true or false';
    default:
      return textExpectation(keywords);
  }
}

function textExpectation({ minLength, maxLength }: Keywords): string {
  if (maxLength === undefined) return 'a text that is not empty';
  return minLength
    ? `a text of ${minLength} to ${maxLength} characters`
    : `a text of at most ${maxLength} characters`;
}

function joinAlternatives(words: string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function annotationsOf(schema: TSchema): unknown {
  return Object.fromEntries(
    Object.keys(AnnotationSchema.properties)
      .map((name) => [name, Reflect.get(schema, name)])
      .filter(([, value]) => value !== undefined),
  );
}
