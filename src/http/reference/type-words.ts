/** A schema in few words: `integer, 1 to 100, default 10`, `list of Post`, `"draft" or "published"`. */
import { asObject, type Json, type JsonObject } from '../json.ts';

export interface TypePart {
  words: string;
  /** Whether it is the name of a schema, to link to. */
  isSchema: boolean;
}

/** More words than this are not listed: the page of errors has the codes. */
const mostWords = 8;

export function describeType(schema: JsonObject): TypePart[] {
  const { $ref, anyOf, type, items, enum: words, const: word } = schema;
  if (typeof $ref === 'string') return [{ words: $ref.split('/').at(-1) ?? '', isSchema: true }];
  if (Array.isArray(anyOf)) {
    return anyOf.flatMap((alternative, index) => [
      ...(index > 0 ? plain(' or ') : []),
      ...describeType(asObject(alternative)),
    ]);
  }
  if (Array.isArray(words)) return plain(describeWords(words) + presetOf(schema));
  if (word !== undefined) return plain(JSON.stringify(word));
  if (type === 'array') return [...plain('list of '), ...describeType(asObject(items)), ...limitOf(schema)];
  const names = Object.keys(asObject(schema['properties']));
  return plain(names.length > 0 ? `{ ${names.join(', ')} }` : describeScalar(schema));
}

function describeWords(words: Json[]): string {
  if (words.length > mostWords) return `one of ${words.length} words`;
  return words.map((each) => JSON.stringify(each)).join(' or ');
}

function describeScalar(schema: JsonObject): string {
  const { type, format, minimum, maximum, maxLength } = schema;
  const names = (Array.isArray(type) ? type : [type ?? 'anything']).map((name) =>
    name === 'string' ? (format === 'date-time' ? 'time' : 'text') : String(name),
  );
  const parts = [names.join(' or ')];
  if (minimum !== undefined && maximum !== undefined) {
    parts.push(`${amount(minimum)} to ${amount(maximum)}`);
  } else if (minimum !== undefined) {
    parts.push(`from ${amount(minimum)}`);
  }
  if (maxLength !== undefined) parts.push(`up to ${amount(maxLength)} characters`);
  return parts.join(', ') + presetOf(schema);
}

function presetOf({ default: preset }: JsonObject): string {
  return preset === undefined ? '' : `, default ${String(preset)}`;
}

function limitOf({ maxItems }: JsonObject): TypePart[] {
  return maxItems === undefined ? [] : plain(`, up to ${amount(maxItems)}`);
}

function amount(value: Json): string {
  return Number(value).toLocaleString('en');
}

function plain(words: string): TypePart[] {
  return [{ words, isSchema: false }];
}
