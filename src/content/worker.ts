/** What runs on a worker thread: one post in, everything that is stored of it out. */
import { finishAccessibility } from './accessibility.ts';
import { finishCodeBlocks } from './code.ts';
import { finishHeadings } from './headings.ts';
import { renderMarkdown } from './markdown.ts';
import type { ContentSource, RenderedContent } from './renderer.ts';
import { sanitizeToTree } from './sanitize.ts';
import { serializeHtml } from './serialize.ts';
import { makeExcerpt, plainText, readingMinutes } from './summary.ts';

/**
 * Renders, sanitizes and finishes a post. Nothing unsafe is left after {@link sanitizeToTree}; the steps after it
 * only add elements and attributes of our own to its tree.
 */
export function renderContent({ content, format }: ContentSource): RenderedContent {
  const html = format === 'markdown' ? renderMarkdown(content) : content;
  const tree = sanitizeToTree(html);
  // Words are read before headings get links, so that those are no part of the post's text.
  const text = plainText(tree);
  const excerpt = makeExcerpt(tree);
  finishAccessibility(tree);
  finishHeadings(tree);
  finishCodeBlocks(tree);
  return { html: serializeHtml(tree), text, excerpt, readingMinutes: readingMinutes(text) };
}
