/** The front matter of Jekyll, Hugo, Zola, Astro, Eleventy and their like, as one reading. */
import path from 'node:path';
import type { ImportedPost } from '../../blog/posts/post.ts';
import { parseDate } from '../dates.ts';
import type { ItemNotes } from '../item-notes.ts';
import { lastSegment, oldPath } from '../old-paths.ts';
import { ItemError } from '../report.ts';
import { type Fields, listOf, textOf } from './fields.ts';
import { isTable } from './front-matter.ts';

/** What the name and folder of a file say. */
export interface FileFacts {
  /** Date in front of the name, `YYYY-MM-DD`. */
  date: string | undefined;
  /** The name without date and extension; of the folder, for a page bundle. */
  name: string | undefined;
  inPosts: boolean;
  isDraft: boolean;
  isPage: boolean;
}

/** @param relative path below the imported folder, with `/` */
export function factsOfPath(relative: string): FileFacts {
  const folders = relative.split('/').slice(0, -1);
  const base = path.posix.basename(relative).replace(/\.[a-z]+$/i, '');
  const own = base === 'index' ? folders.at(-1) : base;
  const dated = /^(\d{4}-\d{1,2}-\d{1,2})[-_ ](.+)$/.exec(own ?? '');
  return {
    date: dated?.[1],
    name: dated?.[2] ?? own,
    inPosts: folders.includes('_posts'),
    isDraft: folders.includes('_drafts'),
    isPage: folders.some((folder) => folder === '_pages' || folder === 'pages'),
  };
}

export interface Dates {
  publishedAt?: string;
  updatedAt?: string;
}

/** Publication: Hugo's publishDate before date, then the file's name. */
export function readDates(fields: Fields, facts: FileFacts, notes: ItemNotes): Dates {
  const dates: Dates = {};
  const published = readDate(fields, notes, [
    'publishDate',
    'pubDate',
    'publishedAt',
    'date',
    'published',
    'created',
  ]);
  const updated = readDate(fields, notes, [
    'updated',
    'updatedDate',
    'lastmod',
    'lastModifiedAt',
    'modified',
    'updatedAt',
  ]);
  const publishedAt = published ?? (facts.date === undefined ? undefined : parseDate(facts.date));
  if (publishedAt !== undefined) dates.publishedAt = publishedAt;
  if (updated !== undefined) dates.updatedAt = updated;
  return dates;
}

function readDate(fields: Fields, notes: ItemNotes, names: string[]): string | undefined {
  for (const name of names) {
    const field = fields.find(name);
    // Jekyll's `published: false` is no date.
    if (!field || typeof field.value === 'boolean') continue;
    if (typeof field.value === 'string' && /^(git )?(created|last modified)$/i.test(field.value)) {
      notes.warn(
        `the ${field.key} \`${field.value}\` asks for the file's own date, which copies don't keep`,
        field.line,
      );
      continue;
    }
    try {
      return parseDate(field.value, field.line);
    } catch (error) {
      throw error instanceof ItemError ? new ItemError(`${field.key}: ${error.message}`, error.line) : error;
    }
  }
  return undefined;
}

/** What no reader saw there stays unseen here. */
export function isDraft(fields: Fields, facts: FileFacts, now: Date, notes: ItemNotes): boolean {
  if (facts.isDraft || fields.flag('draft') === true || fields.flag('published') === false) return true;
  if (fields.flag('private') === true || fields.flag('hidden') === true) return true;
  if (/^(draft|private|pending|hidden)$/i.test(fields.text('status', 'visibility') ?? '')) return true;
  if (fields.find('permalink')?.value === false) {
    notes.warn('`permalink: false` kept it off the site, so it is imported as a draft');
    return true;
  }
  const expiry = fields.find('expiryDate');
  if (!expiry || Date.parse(parseDate(expiry.value, expiry.line)) > now.getTime()) return false;
  notes.warn('its expiry date has passed, so it is imported as a draft', expiry.line);
  return true;
}

export function isPage(fields: Fields, facts: FileFacts): boolean {
  if (facts.isPage || fields.flag('eleventyExcludeFromCollections') === true) return true;
  return [fields.text('type'), fields.text('layout')].some((value) => value?.toLowerCase() === 'page');
}

/** Slug and old paths: an own slug wins over the permalink's last part, and that over the file's name. */
export function readAddresses(
  fields: Fields,
  facts: FileFacts,
  notes: ItemNotes,
): Pick<ImportedPost, 'slug' | 'redirectFrom'> {
  const redirects: string[] = [];
  let fromPermalink: string | undefined;
  for (const name of ['permalink', 'url', 'path']) {
    const field = fields.find(name);
    const text = textOf(field?.value);
    if (text === undefined) continue;
    const old = oldPath(text);
    if (old === undefined) {
      if (text !== '/')
        notes.warn(`the ${name} \`${text}\` is a template, so its old address is not known`, field?.line);
      continue;
    }
    redirects.push(old);
    fromPermalink ??= lastSegment(old);
  }
  const own = fields.text('slug');
  const ownPath = own?.includes('/') ? oldPath(own) : undefined;
  if (ownPath !== undefined) redirects.push(ownPath);
  redirects.push(...readAliases(fields, notes));
  const slug = (ownPath === undefined ? own : lastSegment(ownPath)) ?? fromPermalink ?? facts.name;
  const redirectFrom = [...new Set([...redirects, ...defaultJekyllPath(fields, facts)])];
  const kept = redirectFrom.filter((old) => old !== `/${slug}/`);
  return slug === undefined ? { redirectFrom: kept } : { slug, redirectFrom: kept };
}

function readAliases(fields: Fields, notes: ItemNotes): string[] {
  const paths: string[] = [];
  for (const name of ['aliases', 'redirect_from', 'redirects']) {
    for (const alias of listOf(fields.find(name)?.value, /(?!)/)) {
      const old = oldPath(alias);
      if (old === undefined)
        notes.warn(`the old address \`${alias}\` cannot be redirected`, fields.find(name)?.line);
      else paths.push(old);
    }
  }
  return paths;
}

/** Where Jekyll put a post whose site and front matter named no permalink. */
function defaultJekyllPath(fields: Fields, facts: FileFacts): string[] {
  if (!facts.inPosts || facts.date === undefined || fields.find('permalink')) return [];
  const categories = [
    ...listOf(fields.find('categories')?.value, /\s+/),
    ...listOf(fields.find('category')?.value, /(?!)/),
  ];
  const folders = categories.map((category) => category.toLowerCase().replace(/\s+/g, '-'));
  return [
    `/${[...folders, ...facts.date.split('-').map((part) => part.padStart(2, '0')), facts.name].join('/')}.html`,
  ];
}

const imageFields = [
  'featureImage',
  'featuredImage',
  'heroImage',
  'image',
  'cover',
  'coverImage',
  'images',
  'thumbnail',
  'hero',
  'header',
];

/** A path or address of the picture that goes with the post. */
export function readFeatureImage(fields: Fields): string | undefined {
  for (const name of imageFields) {
    const image = imageOf(fields.find(name)?.value);
    if (image !== undefined) return image;
  }
  return undefined;
}

function imageOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return imageOf(value[0]);
  if (!isTable(value)) return textOf(value);
  return ['src', 'url', 'path', 'image', 'feature', 'relative']
    .map((key) => textOf(value[key]))
    .find(Boolean);
}
