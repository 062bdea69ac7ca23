/** Which bodies are read: JSON in UTF-8, and nothing else unless a plugin adds its own. */
import type { FastifyInstance } from 'fastify';
import { BroadsheetError } from '../errors.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function acceptJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'buffer' },
    (request, body: Buffer, done) => {
      // Many clients name the type of a body that they don't send.
      if (body.length === 0 && request.routeOptions.schema?.body === undefined) {
        done(null, undefined);
        return;
      }
      let text: string;
      try {
        text = utf8.decode(body);
      } catch (error) {
        done(new BroadsheetError('malformed_json', 'The body is not valid UTF-8.', { cause: error }));
        return;
      }
      parse(request, text, (error, value) => done(error && text !== '' ? malformed(text) : error, value));
    },
  );
}

/** Where the mistake is. V8's own message quotes the text, which may hold a secret. */
function malformed(text: string): BroadsheetError {
  try {
    JSON.parse(text);
    return new BroadsheetError('malformed_json', 'The names __proto__ and constructor are not taken.');
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const [, line, column] = /\(line (\d+) column (\d+)\)$/.exec(message) ?? [];
    const place = line === undefined ? '' : `: line ${line}, column ${column}`;
    return new BroadsheetError('malformed_json', `The body is not valid JSON${place}.`);
  }
}
