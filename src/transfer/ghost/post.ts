/** Makes a post of a row of Ghost's `posts`. */
import Value from 'typebox/value';
import type { ImportedPost } from '../../blog/posts/post.ts';
import { parseDate } from '../dates.ts';
import { withoutUndefined } from '../defined.ts';
import { htmlToText, titleFromText } from '../html.ts';
import type { ItemNotes } from '../item-notes.ts';
import { parseJson } from '../json.ts';
import { ItemError } from '../report.ts';
import { type GhostPost, GhostPostSchema, type GhostUser } from './export-file.ts';
import { lexicalToHtml } from './lexical.ts';
import { mobiledocToHtml } from './mobiledoc.ts';
import type { GhostSite } from './site.ts';

/** @throws ItemError when the row is no post, or its body or a date is broken */
export function convertPost(row: unknown, site: GhostSite, notes: ItemNotes): ImportedPost {
  if (!Value.Check(GhostPostSchema, row)) throw problemOf(row);
  const meta = site.meta.get(String(row.id));
  const status = statusOf(row, notes);
  const { content, format } = bodyOf(row, notes);
  const cleaned = local(content);
  reportFiles(row, notes);
  return withoutUndefined({
    source: `ghost:${identityOf(row)}`,
    type: typeOf(row),
    status,
    title: titleOf(row, cleaned, notes),
    content: cleaned,
    format,
    slug: row.slug ?? undefined,
    excerpt: filled(row.custom_excerpt),
    publishedAt: dateOf(row.published_at),
    createdAt: dateOf(row.created_at),
    updatedAt: dateOf(row.updated_at),
    tags: tagsOf(row, site, notes),
    author: authorOf(row, site, notes),
    featureImage: local(filled(row.feature_image) ?? filled(row.image)),
    canonicalUrl: local(filled(row.canonical_url)),
    metaTitle: filled(meta?.meta_title) ?? filled(row.meta_title),
    metaDescription: filled(meta?.meta_description) ?? filled(row.meta_description),
    redirectFrom: [],
  });
}

function typeOf(post: GhostPost): ImportedPost['type'] {
  return post.type === 'page' || post.page === true || post.page === 1 ? 'page' : 'post';
}

/** Pictures and other files are not in the export, only their addresses. */
function reportFiles(post: GhostPost, notes: ItemNotes): void {
  const texts = [post.html ?? post.lexical ?? post.mobiledoc ?? '', post.feature_image ?? ''].join(' ');
  const files = new Set(texts.match(/__GHOST_URL__\/content\/(?:images|media|files)\/[^"'\s)\\]+/g));
  if (files.size > 0) {
    notes.warn(
      `refers to ${files.size === 1 ? 'a file' : `${files.size} files`} under /content/, not in the export`,
    );
  }
}

function problemOf(row: unknown): ItemError {
  const [error] = Value.Errors(GhostPostSchema, row);
  return new ItemError(
    `not a post as Ghost writes them: ${error?.instancePath || 'it'} ${error?.message ?? ''}`,
  );
}

/** The ids of Ghost 0.x count from 1 on every site, so two sites would have the same. */
function identityOf(post: GhostPost): string {
  const id = String(post.id);
  return /^\d+$/.test(id) && post.uuid ? post.uuid : id;
}

/** What not everybody could read there must not become public here. */
function statusOf(post: GhostPost, notes: ItemNotes): ImportedPost['status'] {
  const { status, visibility } = post;
  if (status === 'draft') return 'draft';
  if (status === 'sent') {
    notes.warn('was sent by e-mail only, so it is imported as a draft');
    return 'draft';
  }
  if (status !== 'published' && status !== 'scheduled') {
    notes.warn(`has the status "${status}", so it is imported as a draft`);
    return 'draft';
  }
  if ((visibility ?? 'public') === 'public') return status;
  notes.warn(`was for ${visibility} only, so it is imported as a draft`);
  return 'draft';
}

function bodyOf(post: GhostPost, notes: ItemNotes): Pick<ImportedPost, 'content' | 'format'> {
  const onUnknown = (name: string) => notes.warn(`the card "${name}" was left out`);
  const html = filled(post.html);
  if (html !== undefined) return { content: html, format: 'html' };
  const lexical = filled(post.lexical);
  if (lexical !== undefined) {
    return { content: lexicalToHtml(parseJson(lexical, 'its lexical body'), onUnknown), format: 'html' };
  }
  const mobiledoc = filled(post.mobiledoc);
  if (mobiledoc !== undefined) {
    return {
      content: mobiledocToHtml(parseJson(mobiledoc, 'its mobiledoc body'), onUnknown),
      format: 'html',
    };
  }
  return { content: post.markdown ?? '', format: 'markdown' };
}

function titleOf(post: GhostPost, content: string, notes: ItemNotes): string {
  const title = post.title.trim();
  if (title !== '') return title;
  const made = titleFromText(htmlToText(content));
  notes.warn(`had no title and is now called "${made}"`);
  return made;
}

/** Tags whose name begins with # steer a theme and are never shown to readers; there is no such thing here. */
function tagsOf(post: GhostPost, site: GhostSite, notes: ItemNotes): ImportedPost['tags'] {
  const tags = site.tagsOf(post.id);
  const isInternal = (tag: (typeof tags)[number]) =>
    tag.visibility === 'internal' || tag.name.startsWith('#');
  const internal = tags.filter(isInternal);
  if (internal.length > 0)
    notes.warn(`internal tags were left out: ${internal.map((tag) => tag.name).join(', ')}`);
  return tags
    .filter((tag) => !isInternal(tag))
    .map((tag) =>
      withoutUndefined({ name: tag.name, slug: filled(tag.slug), description: filled(tag.description) }),
    );
}

function authorOf(post: GhostPost, site: GhostSite, notes: ItemNotes): ImportedPost['author'] {
  const [author, ...others] = site.authorsOf(post.id, post.author_id);
  if (others.length > 0) {
    notes.warn(`only the first author was kept; also named: ${others.map((other) => other.name).join(', ')}`);
  }
  return author && profileOf(author);
}

function profileOf(user: GhostUser): ImportedPost['author'] {
  return withoutUndefined({
    name: user.name,
    slug: filled(user.slug),
    bio: filled(user.bio),
    image: local(filled(user.profile_image) ?? filled(user.image)),
    website: filled(user.website),
  });
}

/** Without a zone it is UTC; a number is milliseconds. */
function dateOf(value: string | number | null | undefined): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  if (typeof value === 'string') return parseDate(value);
  const instant = new Date(value);
  if (Number.isNaN(instant.getTime())) throw new ItemError(`\`${value}\` is not a possible date or time`);
  return instant.toISOString();
}

function filled(value: string | null | undefined): string | undefined {
  return value === null || value === undefined || value.trim() === '' ? undefined : value;
}

/** Ghost's placeholder for the address of the site itself. */
function local(value: string): string;
function local(value: string | undefined): string | undefined;
function local(value: string | undefined): string | undefined {
  return value?.replaceAll('__GHOST_URL__', '');
}
