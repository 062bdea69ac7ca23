/** Where a page of a list stands, and its neighbours. */
export interface PaginationView {
  /** From 1; null beyond the numbered pages. */
  page: number | null;
  pages: number;
  total: number;
  /** Path of the page with newer posts; null on the first. */
  newerUrl: string | null;
  olderUrl: string | null;
}

/** Skipping costs time in proportion, so numbered pages end here; the archive goes on by cursor. */
const deepestOffset = 10_000;

export function pageCount(total: number, pageSize: number): number {
  const reachable = Math.min(total, deepestOffset + pageSize);
  return Math.max(1, Math.ceil(reachable / pageSize));
}

export function presentPagination(
  page: number,
  pageSize: number,
  total: number,
  pathOf: (page: number) => string,
): PaginationView {
  const pages = pageCount(total, pageSize);
  return {
    page,
    pages,
    total,
    newerUrl: page > 1 ? pathOf(page - 1) : null,
    olderUrl: page < pages ? pathOf(page + 1) : null,
  };
}
