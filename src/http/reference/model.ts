/** The OpenAPI document as a page shows it: operations by tag, schemas as lists of fields. */
import { asObject, type Json, type JsonObject } from '../json.ts';

export interface Field {
  name: string;
  type: string;
  isRequired: boolean;
  description: string;
}

export interface Operation {
  id: string;
  method: string;
  path: string;
  summary: string;
  needsToken: boolean;
  parameters: Field[];
  body: string | null;
  responses: { status: string; description: string; schema: string | null }[];
}

export interface Reference {
  title: string;
  description: string;
  version: string;
  groups: { name: string; description: string; operations: Operation[] }[];
  schemas: { name: string; description: string; fields: Field[] }[];
}

export function toReference(document: JsonObject): Reference {
  const info = asObject(document['info']);
  const operations = Object.entries(asObject(document['paths'])).flatMap(([path, item]) =>
    Object.entries(asObject(item)).map(([method, operation]) => ({
      group: groupOf(operation),
      ...toOperation(path, method, asObject(operation)),
    })),
  );
  return {
    title: text(info['title']),
    description: text(info['description']),
    version: text(info['version']),
    groups: list(document['tags']).map((tag) => ({
      name: text(asObject(tag)['name']),
      description: text(asObject(tag)['description']),
      operations: operations.filter((operation) => operation.group === asObject(tag)['name']),
    })),
    schemas: Object.entries(asObject(asObject(document['components'])['schemas'])).map(([name, schema]) => ({
      name,
      description: text(asObject(schema)['description']),
      fields: fieldsOf(asObject(schema)),
    })),
  };
}

function groupOf(operation: Json): string {
  return text(list(asObject(operation)['tags'])[0]);
}

function toOperation(path: string, method: string, operation: JsonObject): Operation {
  const body = asObject(asObject(operation['requestBody'])['content'])['application/json'];
  return {
    id: text(operation['operationId']),
    method: method.toUpperCase(),
    path,
    summary: text(operation['summary']),
    needsToken: list(operation['security']).length > 0,
    parameters: list(operation['parameters']).map((parameter) => toParameter(asObject(parameter))),
    body: body === undefined ? null : typeOf(asObject(asObject(body)['schema'])),
    responses: Object.entries(asObject(operation['responses'])).map(([status, response]) =>
      toResponse(status, asObject(response)),
    ),
  };
}

function toParameter(parameter: JsonObject): Field {
  const schema = asObject(parameter['schema']);
  return {
    name: text(parameter['name']),
    type: `${typeOf(schema)}, in ${text(parameter['in'])}`,
    isRequired: parameter['required'] === true,
    description: text(parameter['description'] ?? schema['description']),
  };
}

function toResponse(status: string, response: JsonObject): Operation['responses'][number] {
  const [content] = Object.values(asObject(response['content']));
  const schema = asObject(asObject(content)['schema']);
  return {
    status: status === 'default' ? 'error' : status,
    description: text(response['description']),
    schema: Object.keys(schema).length === 0 ? null : typeOf(schema),
  };
}

function fieldsOf(schema: JsonObject): Field[] {
  const required = list(schema['required']);
  return Object.entries(asObject(schema['properties'])).map(([name, property]) => ({
    name,
    type: typeOf(asObject(property)),
    isRequired: required.includes(name),
    description: text(asObject(property)['description']),
  }));
}

/** In few words: `integer 1 to 100, default 10`, `list of Post`, `"draft" or "published"`. */
function typeOf(schema: JsonObject): string {
  if (typeof schema['$ref'] === 'string') return schema['$ref'].split('/').at(-1) ?? '';
  const alternatives = list(schema['anyOf']);
  if (alternatives.length > 0)
    return alternatives.map((alternative) => typeOf(asObject(alternative))).join(' or ');
  if (schema['const'] !== undefined) return JSON.stringify(schema['const']);
  if (schema['type'] === 'array') return `list of ${typeOf(asObject(schema['items']))}`;
  const { minimum, maximum, default: preset, format } = schema;
  const range = minimum !== undefined && maximum !== undefined ? ` ${text(minimum)} to ${text(maximum)}` : '';
  const words = [`${text(schema['type'] ?? 'any')}${range}`];
  if (format !== undefined) words.push(text(format));
  if (preset !== undefined) words.push(`default ${text(preset)}`);
  return words.join(', ');
}

function text(value: Json | undefined): string {
  return value === undefined || value === null ? '' : String(value);
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
