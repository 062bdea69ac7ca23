/** The OpenAPI document as a page shows it: operations by tag, schemas as lists of fields. */
import { asObject, type Json, type JsonObject } from '../json.ts';
import { curlOf } from './curl.ts';
import { describeType, type TypePart } from './type-words.ts';

export interface Field {
  name: string;
  type: TypePart[];
  /** `query`, `header` or `path` of a parameter; empty for a field. */
  place: string;
  isRequired: boolean;
  description: string;
}

export interface Response {
  status: string;
  description: string;
  type: TypePart[];
  /** Names of the headers that not every response has. */
  headers: string[];
}

export interface Operation {
  id: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  needsToken: boolean;
  parameters: Field[];
  body: TypePart[];
  curl: string;
  /** What a success looks like, as JSON; empty where there is no body. */
  example: string;
  responses: Response[];
}

export interface Reference {
  title: string;
  description: string;
  version: string;
  groups: { name: string; description: string; operations: Operation[] }[];
  schemas: { name: string; description: string; fields: Field[] }[];
}

const everywhere = ['X-Request-Id', 'X-Response-Time'];

export function toReference(document: JsonObject): Reference {
  const info = asObject(document['info']);
  const origin = text(asObject(list(document['servers'])[0])['url']);
  const operations = Object.entries(asObject(document['paths'])).flatMap(([path, item]) =>
    Object.entries(asObject(item)).map(([method, operation]) => ({
      group: text(list(asObject(operation)['tags'])[0]),
      ...toOperation(origin, path, method.toUpperCase(), asObject(operation)),
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

function toOperation(origin: string, path: string, method: string, operation: JsonObject): Operation {
  const body = asObject(asObject(asObject(operation['requestBody'])['content'])['application/json']);
  const security = list(operation['security']);
  const needsToken = security.length > 0 && security.every((way) => Object.keys(asObject(way)).length > 0);
  const responses = Object.entries(asObject(operation['responses']));
  const success = responses.find(([status]) => status.startsWith('2'))?.[1];
  const example = asObject(asObject(asObject(success)['content'])['application/json'])['example'];
  return {
    id: text(operation['operationId']),
    method,
    path,
    summary: text(operation['summary']),
    description: text(operation['description']),
    needsToken,
    parameters: list(operation['parameters']).map((parameter) => toParameter(asObject(parameter))),
    body: body['schema'] === undefined ? [] : describeType(asObject(body['schema'])),
    curl: curlOf({ method, address: origin + path, needsToken, body: body['example'] }),
    example: example === undefined ? '' : JSON.stringify(example, null, 2),
    responses: responses.map(([status, response]) => toResponse(status, asObject(response))),
  };
}

function toParameter(parameter: JsonObject): Field {
  return {
    name: text(parameter['name']),
    type: describeType(asObject(parameter['schema'])),
    place: text(parameter['in']),
    isRequired: parameter['required'] === true,
    description: text(parameter['description']),
  };
}

function toResponse(status: string, response: JsonObject): Response {
  const [content] = Object.values(asObject(response['content']));
  const schema = asObject(asObject(content)['schema']);
  return {
    status: status === 'default' ? 'other' : status,
    description: text(response['description']),
    type: Object.keys(schema).length === 0 ? [] : describeType(schema),
    headers: Object.keys(asObject(response['headers'])).filter((name) => !everywhere.includes(name)),
  };
}

function fieldsOf(schema: JsonObject): Field[] {
  const required = list(schema['required']);
  return Object.entries(asObject(schema['properties'])).map(([name, property]) => ({
    name,
    type: describeType(asObject(property)),
    place: '',
    isRequired: required.includes(name),
    description: text(asObject(property)['description']),
  }));
}

function text(value: Json | undefined): string {
  return value === undefined || value === null ? '' : String(value);
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
