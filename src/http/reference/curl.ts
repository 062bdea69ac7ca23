/** A command to try an operation with. */
import type { Json } from '../json.ts';

export interface Call {
  method: string;
  /** With `{names}` in braces, which become words to replace. */
  address: string;
  needsToken: boolean;
  /** An example; undefined where there is no body. */
  body: Json | undefined;
}

/** @example curlOf({ method: 'GET', address: 'https://blog.example/posts/{id}', … }) === 'curl https://blog.example/posts/ID' */
export function curlOf({ method, address, needsToken, body }: Call): string {
  const target = address.replaceAll(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
  const options = [
    ...(method === 'GET' || (method === 'POST' && body !== undefined) ? [] : [`-X ${method}`]),
    ...(needsToken ? ["-H 'Authorization: Bearer TOKEN'"] : []),
    ...(body === undefined
      ? []
      : ["-H 'Content-Type: application/json'", `-d ${quote(JSON.stringify(body))}`]),
  ];
  return [`curl ${target}`, ...options].join(' \\\n  ');
}

/** For a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
