/** Brings what other systems allow within what a post may be here (see blog/posts/schemas). */
import type { ImportedPost } from '../blog/posts/post.ts';
import { findBadText } from '../content/text.ts';
import type { ItemNotes } from './item-notes.ts';
import { ItemError } from './report.ts';

const limits = {
  title: 300,
  slug: 200,
  excerpt: 1000,
  metaTitle: 300,
  metaDescription: 500,
} as const;
const contentLimit = 10_000_000;
const nameLimit = 100;
const tagLimit = 100;
const webAddress = /^(https?:\/\/|\/)\S*$/;

/**
 * Returns the post with over-long texts cut and unusable addresses left out, each told in `notes`.
 *
 * @throws ItemError when the content itself cannot be stored.
 */
export function fitPost(post: ImportedPost, notes: ItemNotes): ImportedPost {
  if (post.content.length > contentLimit) {
    throw new ItemError(`the content has ${post.content.length} characters; ${contentLimit} are allowed`);
  }
  const fitted: ImportedPost = { ...post, tags: fitTags(post.tags, notes) };
  for (const field of ['title', 'content', 'excerpt'] as const) {
    const value = fitted[field];
    if (value !== undefined) fitted[field] = cleaned(field, value, notes);
  }
  for (const field of ['title', 'slug', 'excerpt', 'metaTitle', 'metaDescription'] as const) {
    const value = fitted[field];
    if (value === undefined || value.length <= limits[field]) continue;
    fitted[field] = cut(value, limits[field]);
    notes.warn(`the ${field} has more than ${limits[field]} characters and was cut`);
  }
  if (fitted.author) fitted.author = { ...fitted.author, name: cut(fitted.author.name, nameLimit) };
  for (const field of ['featureImage', 'canonicalUrl'] as const) {
    const value = fitted[field];
    if (value === undefined || (webAddress.test(value) && value.length <= 2000)) continue;
    delete fitted[field];
    notes.warn(
      `the ${field} \`${cut(value, 100)}\` was left out: it is neither an http(s) address nor a path from /`,
    );
  }
  return fitted;
}

function fitTags(tags: ImportedPost['tags'], notes: ItemNotes): ImportedPost['tags'] {
  const seen = new Set<string>();
  const unique = tags
    .map((tag) => ({ ...tag, name: cut(tag.name.trim(), nameLimit) }))
    .filter((tag) => {
      const key = tag.slug ?? tag.name.toLowerCase();
      if (tag.name === '' || seen.has(key)) return false;
      seen.add(key);
      return true;
    });
  if (unique.length > tagLimit) notes.warn(`only the first ${tagLimit} of ${unique.length} tags were kept`);
  return unique.slice(0, tagLimit);
}

/** Control characters are invisible junk of old editors; NUL and half characters mean that the text is broken. */
function cleaned(field: string, value: string, notes: ItemNotes): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point.
  const clean = value.replace(/[\u0001-\u0008\u000B\u000C\u000E-\u001F]/g, '');
  const problem = findBadText(clean);
  if (problem !== null) throw new ItemError(`the ${field} ${problem}`);
  if (clean.length < value.length) notes.warn(`invisible control characters were removed from the ${field}`);
  return clean;
}

/** Cuts without splitting a surrogate pair. */
function cut(text: string, length: number): string {
  return text.length <= length
    ? text
    : text
        .slice(0, length)
        .toWellFormed()
        .replace(/\uFFFD$/, '');
}
