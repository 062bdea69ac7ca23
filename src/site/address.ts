/** The blog's own address, and the paths of its pages. */
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config/schema.ts';

const validHost = /^(?:[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/**
 * Where the blog is reached, without a final slash: the setting, or else what the request was sent to. A `Host` that
 * is no host name never gets into a page; the address that the server listens on stands in for it.
 */
export function siteAddress(config: Pick<Config, 'site' | 'http'>, request: FastifyRequest): string {
  if (config.site.url !== undefined) return config.site.url;
  const { host, protocol } = request;
  return validHost.test(host)
    ? `${protocol}://${host.toLowerCase()}`
    : `http://${config.http.host}:${config.http.port}`;
}

const segment = (text: string) => encodeURIComponent(text);

export const paths = {
  home: (page = 1) => (page === 1 ? '/' : `/page/${page}/`),
  post: (slug: string) => `/${segment(slug)}/`,
  tag: (slug: string, page = 1) => `/tag/${segment(slug)}/${page === 1 ? '' : `page/${page}/`}`,
  author: (slug: string, page = 1) => `/author/${segment(slug)}/${page === 1 ? '' : `page/${page}/`}`,
  archive: (page = 1) => (page === 1 ? '/archive/' : `/archive/page/${page}/`),
  archiveAfter: (cursor: string) => `/archive/?after=${segment(cursor)}`,
  search: (query: string, page = 1) =>
    `/search?q=${segment(query.toWellFormed())}${page === 1 ? '' : `&page=${page}`}`,
} as const;
