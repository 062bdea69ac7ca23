/** Reads a WordPress export as posts and pages. */
import { htmlToText } from '../html.ts';
import { type ImportReader, type ReaderEvent, readItem } from '../source.ts';
import { convertItem } from './post.ts';
import { readSite, type WordpressSite } from './site.ts';
import { childText, readWxr, type WxrElement } from './wxr.ts';

/**
 * Opens a WXR file for import. It is read twice: a post may refer to an attachment that comes after it.
 *
 * @throws OperatorError when the file cannot be read or is no WordPress export
 */
export async function openWordpress(file: string): Promise<ImportReader> {
  const site = await readSite(file);
  return { total: site.items, events: () => readItems(file, site) };
}

async function* readItems(file: string, site: WordpressSite): AsyncIterable<ReaderEvent> {
  const sources = new Set<string>();
  for await (const record of readWxr(file)) {
    if (record.kind === 'broken') {
      yield { kind: 'failed', file, line: record.line, item: record.item, reason: record.reason };
    } else if (record.element.name === 'item') {
      const { element } = record;
      const place = { file, line: element.line, item: nameOf(element) };
      const source = sourceOf(element, site, sources);
      yield* readItem(place, (notes) => convertItem(element, source, site, notes));
    }
  }
}

function nameOf(item: WxrElement): string {
  const title = htmlToText(childText(item, 'title'));
  return title || childText(item, 'wp:post_name') || `item ${childText(item, 'wp:post_id')}`;
}

/** Blogs that were copied or moved may have one GUID twice. */
function sourceOf(item: WxrElement, site: WordpressSite, used: Set<string>): string {
  const id = childText(item, 'wp:post_id');
  const guid = childText(item, 'guid') || `${site.address}/?p=${id}`;
  const source = used.has(`wordpress:${guid}`) ? `wordpress:${guid}#${id}` : `wordpress:${guid}`;
  used.add(source);
  return source;
}
