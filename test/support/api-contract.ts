/** Holds answers of the API to its own description, `/openapi.json`. */
import type { LightMyRequestResponse } from 'fastify';
import Type from 'typebox';
import { Compile } from 'typebox/schema';
import Value from 'typebox/value';

export interface ApiContract {
  /** @throws when the answer is not one that the description allows; paths that it doesn't have are not checked */
  check(method: string, url: string, response: LightMyRequestResponse): void;
}

const ContentSchema = Type.Record(Type.String(), Type.Object({ schema: Type.Unknown() }));
const ResponseSchema = Type.Object({ content: Type.Optional(ContentSchema) });
const OperationSchema = Type.Object({ responses: Type.Record(Type.String(), ResponseSchema) });
const DocumentSchema = Type.Object({
  paths: Type.Record(Type.String(), Type.Record(Type.String(), OperationSchema)),
  components: Type.Object({ schemas: Type.Record(Type.String(), Type.Unknown()) }),
});

type Check = (body: unknown) => string[];

export function readContract(json: unknown): ApiContract {
  const { paths, components } = Value.Parse(DocumentSchema, json);
  const routes = Object.entries(paths)
    .map(([path, operations]) => ({ pattern: patternOf(path), operations, path }))
    // Fixed words before parameters, as the router has it.
    .sort((left, right) => left.path.split('{').length - right.path.split('{').length);
  const checks = new Map<unknown, Check>();
  const checkOf = (schema: unknown): Check => {
    const known = checks.get(schema) ?? compile(schema, components);
    checks.set(schema, known);
    return known;
  };

  return {
    check(method, url, response) {
      const [path = ''] = url.split('?');
      const operations = routes.find((route) => route.pattern.test(path))?.operations;
      const operation = operations?.[method.toLowerCase()];
      if (!operation || (response.statusCode >= 300 && response.statusCode < 400)) return;
      const declared = operation.responses[String(response.statusCode)] ?? operation.responses['default'];
      const problems = declared ? problemsOf(declared.content, response, checkOf) : ['is not declared'];
      if (problems.length > 0) {
        throw new Error(
          `${method} ${url} → ${response.statusCode} breaks the contract: ${problems.join('; ')}`,
        );
      }
    },
  };
}

function problemsOf(
  content: Type.Static<typeof ContentSchema> | undefined,
  response: LightMyRequestResponse,
  checkOf: (schema: unknown) => Check,
): string[] {
  if (content === undefined) return response.body === '' ? [] : ['the body is not declared'];
  const mediaType = String(response.headers['content-type']).split(';')[0] ?? '';
  const declared = content[mediaType];
  if (!declared) return [`the type ${mediaType} is not declared`];
  return checkOf(declared.schema)(response.json());
}

function compile(schema: unknown, components: object): Check {
  const validator = Compile({ allOf: [schema], components });
  return (body) => {
    const [isValid, errors] = validator.Errors(body);
    return isValid ? [] : errors.map((error) => `${error.instancePath || 'the body'} ${error.message}`);
  };
}

function patternOf(path: string): RegExp {
  const segments = path
    .split('/')
    .map((segment) => (segment.startsWith('{') ? '[^/]+' : RegExp.escape(segment)));
  return new RegExp(`^${segments.join('/')}$`);
}
