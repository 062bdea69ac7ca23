/** The archive: how many posts each month has, and one page of titles under their months. */
import type { PostSummary } from '../../blog/posts/post.ts';
import { paths } from '../address.ts';
import type { ArchiveYear } from '../ports.ts';
import { presentMonth } from './dates.ts';
import { pageCount } from './pagination.ts';
import { type PostCardView, presentPostCard, publishedAt } from './posts.ts';

export interface ArchiveYearView {
  year: number;
  total: number;
  /** Path of the archive page where the year begins; null when paging doesn't reach that far. */
  url: string | null;
}

export interface ArchiveMonthView {
  /** Such as `m2026-01`: the id of the section. */
  id: string;
  /** Such as `January 2026`. */
  name: string;
  posts: PostCardView[];
}

/** @param years In any order; @returns newest first, as the posts are listed. */
export function presentArchiveYears(years: readonly ArchiveYear[], pageSize: number): ArchiveYearView[] {
  const newestFirst = [...years].sort((a, b) => b.year - a.year);
  const grandTotal = newestFirst.reduce((sum, year) => sum + yearTotal(year), 0);
  const reachablePages = pageCount(grandTotal, pageSize);
  let before = 0;
  return newestFirst.map((year) => {
    const page = Math.floor(before / pageSize) + 1;
    const total = yearTotal(year);
    const newestMonth = Math.max(...year.months.map(({ month }) => month));
    before += total;
    return {
      year: year.year,
      total,
      url: page <= reachablePages ? `${paths.archive(page)}#${monthId(year.year, newestMonth)}` : null,
    };
  });
}

/** @param posts Newest first. */
export function presentArchiveMonths(posts: readonly PostSummary[]): ArchiveMonthView[] {
  const months: ArchiveMonthView[] = [];
  for (const post of posts) {
    const date = new Date(publishedAt(post));
    const month = date.getUTCMonth() + 1;
    const id = monthId(date.getUTCFullYear(), month);
    if (months.at(-1)?.id !== id) {
      months.push({ id, name: `${presentMonth(month)} ${date.getUTCFullYear()}`, posts: [] });
    }
    months.at(-1)?.posts.push(presentPostCard(post));
  }
  return months;
}

function yearTotal(year: ArchiveYear): number {
  return year.months.reduce((sum, month) => sum + month.total, 0);
}

function monthId(year: number, month: number): string {
  return `m${year}-${String(month).padStart(2, '0')}`;
}
