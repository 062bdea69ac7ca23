/** Turns the errors of JSON Schema into words that say what to change. */
import leven from 'leven';
import type { TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import type { InputProblem } from '../errors.ts';

type Keywords = Readonly<Record<string, unknown>>;

export function describeError(
  schema: TSchema,
  error: TLocalizedValidationError,
  value: unknown,
): InputProblem[] {
  const path = error.instancePath;
  if (error.keyword === 'required') {
    return error.params.requiredProperties.map((name) => ({
      path: `${path}/${name}`,
      message: 'is required',
    }));
  }
  if (error.keyword === 'additionalProperties') {
    const known = Object.keys(asKeywords(asKeywords(schemaAt(schema, path))['properties']));
    return error.params.additionalProperties.map((name) => ({
      path: `${path}/${name}`,
      message: `is not known here${suggestion(name, known)}; leave it out`,
    }));
  }
  // The schema `false` of an additional property: said above, by name.
  if (error.keyword === 'boolean') return [];
  const described = describeSchema(schemaAt(schema, path), valueAt(value, path));
  return [{ path, message: described ?? error.message }];
}

function suggestion(name: string, known: string[]): string {
  const nearest = known
    .map((candidate) => ({ candidate, distance: leven(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((left, right) => left.distance - right.distance)[0];
  return nearest && nearest.distance <= Math.min(2, name.length - 1)
    ? `; did you mean ${nearest.candidate}?`
    : '';
}

/** What the schema asks for, given what came. */
function describeSchema(schema: unknown, value: unknown): string | null {
  const keywords = asKeywords(schema);
  const alternatives = keywords['anyOf'];
  if (Array.isArray(alternatives)) return describeAlternatives(alternatives, value);
  if (keywords['const'] !== undefined) return `must be ${JSON.stringify(keywords['const'])}`;
  switch (keywords['type']) {
    case 'string':
      return typeof value === 'string' ? describeString(keywords, value) : 'must be a text';
    case 'integer':
    case 'number':
      return describeNumber(keywords, value);
    case 'boolean':
      return 'must be true or false';
    case 'array':
      return Array.isArray(value) ? describeArray(keywords, value) : 'must be a list';
    case 'object':
      return value !== null && typeof value === 'object' && !Array.isArray(value)
        ? describeObject(keywords)
        : 'must be an object';
    default:
      return null;
  }
}

function describeAlternatives(alternatives: unknown[], value: unknown): string {
  const constants = alternatives.map((alternative) => asKeywords(alternative)['const']);
  if (constants.every((constant) => constant !== undefined)) {
    return `must be one of ${constants.map((constant) => JSON.stringify(constant)).join(', ')}`;
  }
  const isNullable = alternatives.some((alternative) => asKeywords(alternative)['type'] === 'null');
  const others = alternatives.filter((alternative) => asKeywords(alternative)['type'] !== 'null');
  const messages = others.map(
    (alternative) => describeSchema(alternative, value) ?? 'must have another form',
  );
  return [...messages, ...(isNullable ? ['null'] : [])].join(', or ');
}

function describeString(keywords: Keywords, value: string): string | null {
  const { minLength, maxLength, format, pattern, description } = keywords;
  if (typeof minLength === 'number' && value.length < minLength) {
    return minLength === 1 ? 'must not be empty' : `must have at least ${minLength} characters`;
  }
  if (typeof maxLength === 'number' && value.length > maxLength) {
    return `must have at most ${maxLength.toLocaleString('en')} characters; it has ${value.length.toLocaleString('en')}`;
  }
  if (format === 'date-time') return 'must be a time in RFC 3339, such as 2026-01-31T12:00:00Z';
  if (pattern !== undefined && typeof description === 'string')
    return `has not the right form: ${lowerFirst(description)}`;
  return null;
}

/** A schema says in `x-beyond` what to do instead of a value above its maximum. */
function describeNumber({ type, minimum, maximum, 'x-beyond': beyond }: Keywords, value: unknown): string {
  const kind = type === 'integer' ? 'a whole number' : 'a number';
  const range =
    typeof minimum === 'number' && typeof maximum === 'number'
      ? ` from ${minimum.toLocaleString('en')} to ${maximum.toLocaleString('en')}`
      : '';
  const given = typeof value === 'number' ? `; ${value} is not` : '';
  const isAbove = typeof value === 'number' && typeof maximum === 'number' && value > maximum;
  const instead = isAbove && typeof beyond === 'string' ? `: ${beyond}` : '';
  return `must be ${kind}${range}${given}${instead}`;
}

function describeArray({ minItems, maxItems }: Keywords, value: unknown[]): string | null {
  if (typeof maxItems === 'number' && value.length > maxItems) {
    return `must have at most ${maxItems} entries; it has ${value.length.toLocaleString('en')}`;
  }
  if (typeof minItems === 'number' && value.length < minItems)
    return `must have at least ${minItems} entries`;
  return null;
}

function describeObject({ minProperties }: Keywords): string | null {
  return minProperties === undefined ? null : 'must have at least one field to change';
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function asKeywords(schema: unknown): Keywords {
  return schema !== null && typeof schema === 'object' ? { ...schema } : {};
}

/** The part of a schema that a JSON Pointer into a value falls on. */
function schemaAt(schema: unknown, pointer: string): unknown {
  return segmentsOf(pointer).reduce<unknown>((current, segment) => {
    const keywords = asKeywords(current);
    const alternatives = Array.isArray(keywords['anyOf']) ? keywords['anyOf'] : [current];
    const steps = alternatives.map((alternative) => {
      const { properties, items } = asKeywords(alternative);
      return asKeywords(properties)[segment] ?? (/^\d+$/.test(segment) ? items : undefined);
    });
    return steps.find((step) => step !== undefined);
  }, schema);
}

function valueAt(value: unknown, pointer: string): unknown {
  return segmentsOf(pointer).reduce<unknown>((current, segment) => asKeywords(current)[segment], value);
}

function segmentsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}
