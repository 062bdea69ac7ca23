/** Fits the rendered HTML of a post into a page. */
import { replaceTags } from './tags.ts';

/**
 * The title of the page is its h1. Headings of the content start at h2 and never skip a level, whatever the author
 * began with, so that a screen reader's outline has no gaps; the relative order of levels is kept.
 */
export function closeHeadingGaps(html: string): string {
  const open: number[] = [];
  return replaceTags(html, (tag) => {
    if (!/^h[1-6]$/.test(tag.name)) return tag.source;
    const written = Number(tag.name.slice(1));
    if (!tag.closing) {
      while ((open.at(-1) ?? 0) >= written) open.pop();
      open.push(written);
    }
    const level = Math.min(open.length + 1, 6);
    return `<${tag.closing ? '/' : ''}h${level}${tag.attributes}>`;
  });
}
