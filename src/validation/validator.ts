/**
 * Checks input against a TypeBox schema (JSON Schema) and says, field by field, what to change.
 *
 * Used wherever something comes in: request bodies, query parameters, and the calls of who embeds the blog.
 */
import type Type from 'typebox';
import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import type { TLocalizedValidationError } from 'typebox/error';
import { Settings } from 'typebox/system';
import Value from 'typebox/value';
import { BroadsheetError, type ErrorCode, type InputProblem } from '../errors.ts';
import { describeError } from './messages.ts';

Settings.Set({ maxErrors: 100 });

export interface SchemaValidator<T> {
  /** @throws BroadsheetError with the given code, listing every problem. */
  parse(value: unknown): T;
}

/**
 * @example
 * const validator = createValidator(PostCreateSchema, 'validation_failed');
 * const input = validator.parse(request.body);
 */
export function createValidator<S extends TSchema>(
  schema: S,
  code: 'validation_failed' | ParameterCode,
): SchemaValidator<Static<S>> {
  const compiled: Validator<Type.TProperties, S> = Compile(schema);
  return {
    parse(value) {
      if (compiled.Check(value)) return value;
      const problems = problemsOf(schema, compiled.Errors(value), value);
      throw inputError(code, code === 'validation_failed' ? problems : problems.map(namedByParameter));
    },
  };
}

/** Of query parameters; of headers and parts of the path. */
export type ParameterCode = Extract<ErrorCode, 'invalid_query' | 'bad_request'>;

/** The same for parameters, which all arrive as text: numbers are converted and defaults filled in. */
export function createQueryValidator<S extends TSchema>(
  schema: S,
  code: ParameterCode = 'invalid_query',
): SchemaValidator<Static<S>> {
  const validator = createValidator(schema, code);
  return {
    parse: (value) => validator.parse(Value.Default(schema, withNumbers(schema, value))),
  };
}

/** Only what is written as the number that it is becomes one: `1.5` is no whole number, and `true` none at all. */
function withNumbers(schema: TSchema, value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  const properties: object =
    'properties' in schema && schema.properties instanceof Object ? schema.properties : {};
  const types = new Map(Object.entries(properties).map(([name, property]) => [name, property?.type]));
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => {
      const pattern = numberPatterns.get(types.get(name));
      return [name, typeof text === 'string' && pattern?.test(text) ? Number(text) : text];
    }),
  );
}

const numberPatterns = new Map<unknown, RegExp>([
  ['integer', /^-?\d{1,15}$/],
  ['number', /^-?\d{1,15}(\.\d{1,15})?$/],
]);

export function inputError(code: ErrorCode, errors: InputProblem[]): BroadsheetError {
  const detail =
    errors.length === 1 ? sentence(errors[0]) : `${errors.length} things have to be changed; see errors.`;
  return new BroadsheetError(code, detail, { errors });
}

/** A query has parameters, not pointers. */
function namedByParameter({ path, message }: InputProblem): InputProblem {
  return { path: path.slice(1), message };
}

function sentence(problem: InputProblem | undefined): string {
  if (!problem) return 'The input is not valid.';
  return `${problem.path === '' ? 'The input' : problem.path} ${problem.message}.`;
}

function problemsOf(schema: TSchema, errors: TLocalizedValidationError[], value: unknown): InputProblem[] {
  const problems = new Map<string, InputProblem>();
  for (const error of errors) {
    for (const problem of describeError(schema, error, value)) {
      if (!problems.has(problem.path)) problems.set(problem.path, problem);
    }
  }
  return [...problems.values()];
}
