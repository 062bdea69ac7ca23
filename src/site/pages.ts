/** What the routes of the reader pages share: reading as anybody, the frame of every page, rendering. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BroadsheetError } from '../errors.ts';
import { anonymous } from '../identity/principal.ts';
import type { SitePorts } from './ports.ts';
import type { PageView } from './presenters/page.ts';
import { presentSite, type SiteView } from './presenters/site.ts';
import type { TemplateName, Theme } from './theme/theme.ts';

/** Pages are the same for everybody, so they are read as nobody in particular: no draft gets into a shared cache. */
export const reader = anonymous;

/** More pages than this would make a menu, not a navigation. */
const navigationSize = 6;

export interface SiteContext extends SitePorts {
  theme: Theme;
}

/** The variable `site` for every page. */
export async function siteAround(context: SiteContext): Promise<SiteView> {
  const pages = await context.posts.navigation(navigationSize);
  return presentSite(context.config.site, context.origin.value, pages);
}

/** The same without what only the database knows, for pages shown when it fails. */
export function bareSite(context: SiteContext): SiteView {
  return presentSite(context.config.site, context.origin.value, []);
}

export interface PageModel {
  site: SiteView;
  page: PageView;
  [variable: string]: unknown;
}

export function sendPage(
  reply: FastifyReply,
  context: SiteContext,
  template: TemplateName,
  model: PageModel,
): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(context.theme.render(template, model));
}

/** Permanently to another path of the blog, with the query that the request came with. */
export function redirectPermanently(
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
): FastifyReply {
  const query = request.url.indexOf('?');
  return reply.redirect(query < 0 ? path : path + request.url.slice(query), 301);
}

export function pageNotFound(): BroadsheetError {
  return new BroadsheetError(
    'not_found',
    'There is nothing at this address. Check it, or start from the home page.',
  );
}

/** @returns the number; @throws not_found for anything but a positive whole number. */
export function pageNumber(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw pageNotFound();
  return Number(text);
}
