/** Tags and authors out of front matter. */
import type { ImportedPost } from '../../blog/posts/post.ts';
import type { ItemNotes } from '../item-notes.ts';
import { type Fields, listOf, textOf } from './fields.ts';
import { isTable } from './front-matter.ts';

/** Tags that put a file on a list in Eleventy and say nothing about it. */
const collectionTags = new Set(['post', 'posts', 'all']);
/** Jekyll separates by spaces; where there is a comma, that is what separates. */
const never = /(?!)/;

/** Tags first, then categories; both are tags here. */
export function readTags(fields: Fields): ImportedPost['tags'] {
  const taxonomies = fields.table('taxonomies') ?? {};
  const names = [
    ...spaced(fields.find('tags')?.value),
    ...listOf(fields.find('tag')?.value, never),
    ...listOf(taxonomies['tags'], never),
    ...spaced(fields.find('categories')?.value),
    ...listOf(fields.find('category')?.value, never),
    ...listOf(taxonomies['categories'], never),
  ];
  return names.filter((name) => !collectionTags.has(name.toLowerCase())).map((name) => ({ name }));
}

function spaced(value: unknown): string[] {
  return listOf(value, typeof value === 'string' && value.includes(',') ? /,/ : /\s+/);
}

/** A post has one author here: the first; the others are told. */
export function readAuthor(fields: Fields, notes: ItemNotes): ImportedPost['author'] {
  const taxonomies = fields.table('taxonomies') ?? {};
  const field = fields.find('author', 'authors', 'by', 'creator');
  const authors = authorsOf(field?.value ?? taxonomies['authors']);
  const [first, ...others] = authors;
  if (others.length > 0) {
    notes.warn(
      `only the first author was kept; also named: ${others.map((o) => o.name).join(', ')}`,
      field?.line,
    );
  }
  return first;
}

type Author = NonNullable<ImportedPost['author']>;

function authorsOf(value: unknown): Author[] {
  if (Array.isArray(value)) return value.flatMap(authorsOf);
  if (isTable(value)) return authorOfTable(value);
  const names = textOf(value)?.split(/\s*[,;&]\s*|\s+and\s+/) ?? [];
  return names.map((name) => ({ name: withoutHandle(name) })).filter((author) => author.name !== '');
}

function authorOfTable(table: Record<string, unknown>): Author[] {
  const name = textOf(table['name']) ?? textOf(table['title']);
  if (name === undefined) return [];
  const author: Author = { name };
  const bio = textOf(table['bio']) ?? textOf(table['description']);
  const image = textOf(table['image']) ?? textOf(table['avatar']) ?? textOf(table['picture']);
  const website = textOf(table['website']) ?? textOf(table['url']) ?? textOf(table['link']);
  if (bio !== undefined) author.bio = bio;
  if (image !== undefined && /^(https?:\/\/|\/)/.test(image)) author.image = image;
  if (website !== undefined && /^https?:\/\//.test(website)) author.website = website;
  return [author];
}

/** `Ana Lima (@ana)` and `Ana Lima <ana@example.org>` are both Ana Lima. */
function withoutHandle(name: string): string {
  return name.replace(/\s*(\([^()\s]*\)|<[^<>]*>)\s*$/, '').trim();
}
