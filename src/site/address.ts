/** The paths of the blog's pages. */
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
