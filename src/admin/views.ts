/** The admin's templates. What they print is escaped unless they say `| raw`. */
import { fileURLToPath } from 'node:url';
import { Liquid } from 'liquidjs';

const engine = new Liquid({
  root: fileURLToPath(new URL('views/', import.meta.url)),
  extname: '.liquid',
  cache: true,
  outputEscape: 'escape',
  ownPropertyOnly: true,
  strictFilters: true,
});

const shortDate = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
const fullDate = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
});

engine.registerFilter('day', (time: unknown) => shortDate.format(new Date(String(time))));
engine.registerFilter('time', (time: unknown) => `${fullDate.format(new Date(String(time)))} UTC`);
engine.registerFilter('count', (value: unknown) => Number(value).toLocaleString('en-GB'));

export type View =
  | 'setup'
  | 'log-in'
  | 'posts'
  | 'editor'
  | 'preview'
  | 'delete-post'
  | 'revisions'
  | 'terms'
  | 'tokens'
  | 'users'
  | 'profile'
  | 'failure';

export function renderView(view: View, model: object): Promise<string> {
  return engine.renderFile(view, model);
}
