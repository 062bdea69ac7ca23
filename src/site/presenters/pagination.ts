/** Where a page of a list stands, and its neighbours. */
export interface PaginationView {
  page: number;
  pages: number;
  total: number;
  /** Path of the page with newer posts; null on the first. */
  newerUrl: string | null;
  olderUrl: string | null;
}

/** Offsets beyond this are not served: a list that deep is reached through the archive's months or search. */
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
