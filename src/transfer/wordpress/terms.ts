/** Authors, tags and categories of an item. */
import type { ImportedPost } from '../../blog/posts/post.ts';
import { withoutUndefined } from '../defined.ts';
import { htmlToText } from '../html.ts';
import type { ItemNotes } from '../item-notes.ts';
import { decodeSegment } from '../old-paths.ts';
import type { WordpressSite } from './site.ts';
import { childText, type WxrElement } from './wxr.ts';

/** WXR 1.0 said `tag`. */
const taxonomies: Record<string, string> = { category: 'category', post_tag: 'post_tag', tag: 'post_tag' };
/** How a post looks or where it is linked; nothing is lost with them. */
const quiet = new Set(['post_format', 'nav_menu', 'language']);

/** Categories and tags are both tags here, categories first; of a nested category, its own name. */
export function readTags(item: WxrElement, site: WordpressSite, notes: ItemNotes): ImportedPost['tags'] {
  const elements = item.children.filter((child) => child.name === 'category');
  // WXR 1.0 lists each term twice, once without its slug.
  const terms = elements.some((element) => element.attributes['nicename'] !== undefined)
    ? elements.filter((element) => element.attributes['nicename'] !== undefined)
    : elements;
  const others = new Set<string>();
  const tags = terms.flatMap((element) => {
    const domain = element.attributes['domain'] ?? 'category';
    const taxonomy = taxonomies[domain];
    if (taxonomy !== undefined) return [tagOf(element, taxonomy, site)];
    if (!quiet.has(domain)) others.add(domain);
    return [];
  });
  if (others.size > 0)
    notes.warn(`terms of ${[...others].join(', ')} were left out: only tags and categories are known`);
  return tags.sort((a, b) => a.rank - b.rank).map(({ tag }) => tag);
}

function tagOf(element: WxrElement, taxonomy: string, site: WordpressSite) {
  const nicename = element.attributes['nicename'] ?? '';
  const known = site.terms.get(`${taxonomy}:${nicename}`);
  const tag = withoutUndefined({
    name: htmlToText(element.text) || known?.name || decodeSegment(nicename),
    slug: decodeSegment(nicename) || undefined,
    description: known?.description,
  });
  return { tag, rank: taxonomy === 'category' ? 0 : 1 };
}

export function readAuthor(item: WxrElement, site: WordpressSite): ImportedPost['author'] {
  const login = childText(item, 'dc:creator');
  return login === '' ? undefined : { name: site.authors.get(login) ?? login, slug: login };
}
