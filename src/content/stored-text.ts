import { plainText } from './summary.ts';
import { parseHtml } from './tree.ts';

/** The words of a post's stored HTML, as its rendering gave them, for making the full-text index anew. */
export function storedText(html: string): string {
  return plainText(parseHtml(html));
}
