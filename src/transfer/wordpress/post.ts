/** Makes a post of an item of a WordPress export. */
import type { ImportedPost } from '../../blog/posts/post.ts';
import { parseDate } from '../dates.ts';
import { withoutUndefined } from '../defined.ts';
import { htmlToText, titleFromText } from '../html.ts';
import type { ItemNotes } from '../item-notes.ts';
import { decodeSegment, oldPath } from '../old-paths.ts';
import type { NoPost } from '../source.ts';
import { convertBody } from './body.ts';
import type { WordpressSite } from './site.ts';
import { readAuthor, readTags } from './terms.ts';
import { childText, type WxrElement } from './wxr.ts';

const reasons: Record<string, string> = {
  attachment: 'an attachment: media files are not imported',
  nav_menu_item: 'an entry of a menu',
  revision: 'an old revision',
};

/**
 * @param source identity of the item, `wordpress:GUID`
 * @throws ItemError when a date is not one
 */
export function convertItem(
  item: WxrElement,
  source: string,
  site: WordpressSite,
  notes: ItemNotes,
): ImportedPost | NoPost {
  const type = childText(item, 'wp:post_type') || 'post';
  if (type !== 'post' && type !== 'page') {
    return { skipped: reasons[type] ?? `of the type "${type}", which has no counterpart here` };
  }
  const wordpressStatus = childText(item, 'wp:status') || 'publish';
  if (wordpressStatus === 'trash') return { skipped: 'in the trash' };
  if (wordpressStatus === 'auto-draft') return { skipped: 'an automatic draft that was never saved' };
  const status = statusOf(wordpressStatus, item, notes);
  reportComments(item, notes);
  const content = convertBody(childText(item, 'content:encoded'), { attachments: site.attachments, notes });
  const written = dateOf(item, 'post_date');
  return withoutUndefined({
    source,
    type,
    status,
    title: titleOf(item, content, notes),
    content,
    format: 'html',
    slug: decodeSegment(childText(item, 'wp:post_name')) || undefined,
    excerpt: htmlToText(childText(item, 'excerpt:encoded')) || undefined,
    publishedAt: wordpressStatus === 'draft' || wordpressStatus === 'pending' ? undefined : written,
    createdAt: written,
    updatedAt: dateOf(item, 'post_modified'),
    tags: readTags(item, site, notes),
    author: readAuthor(item, site),
    featureImage: featureImageOf(item, site, notes),
    redirectFrom: oldPathsOf(item, type, wordpressStatus),
  } as const);
}

/** What not everybody could read there must not become public here. */
function statusOf(status: string, item: WxrElement, notes: ItemNotes): ImportedPost['status'] {
  if (childText(item, 'wp:post_password') !== '') {
    notes.warn('was protected by a password, so it is imported as a draft');
    return 'draft';
  }
  if (status === 'publish') return 'published';
  if (status === 'future') return 'scheduled';
  if (status !== 'draft' && status !== 'pending') notes.warn(`was ${status}, so it is imported as a draft`);
  return 'draft';
}

function titleOf(item: WxrElement, content: string, notes: ItemNotes): string {
  const title = htmlToText(childText(item, 'title'));
  if (title !== '') return title;
  const made = titleFromText(htmlToText(content));
  notes.warn(`had no title and is now called "${made}"`);
  return made;
}

/** Drafts have zeros for the time in GMT. */
function dateOf(item: WxrElement, name: string): string | undefined {
  for (const field of [`wp:${name}_gmt`, `wp:${name}`]) {
    const text = childText(item, field);
    const line = item.children.find((child) => child.name === field)?.line;
    if (text !== '' && !text.startsWith('0000')) return parseDate(text, line);
  }
  return undefined;
}

/** WordPress answers at the permalink and, whatever that is set to, at `?p=ID`. */
function oldPathsOf(item: WxrElement, type: string, status: string): string[] {
  if (status !== 'publish' && status !== 'future' && status !== 'private') return [];
  const id = childText(item, 'wp:post_id');
  const permalink = oldPath(childText(item, 'link'));
  const byId = id === '' ? undefined : `/?${type === 'page' ? 'page_id' : 'p'}=${id}`;
  return [permalink, byId].filter((path) => path !== undefined);
}

function featureImageOf(item: WxrElement, site: WordpressSite, notes: ItemNotes): string | undefined {
  const meta = item.children.find(
    (child) => child.name === 'wp:postmeta' && childText(child, 'wp:meta_key') === '_thumbnail_id',
  );
  const id = meta ? childText(meta, 'wp:meta_value') : '';
  if (id === '' || id === '0') return undefined;
  const address = site.attachments.get(id);
  if (address === undefined) notes.warn(`its featured image (attachment ${id}) is not in the export`);
  return address;
}

function reportComments(item: WxrElement, notes: ItemNotes): void {
  const count = item.children.filter((child) => child.name === 'wp:comment').length;
  const title = htmlToText(childText(item, 'title'));
  if (count > 0) notes.leaveOut(`comments on "${title}"`, 'comments are not imported', count);
}
