/** What the posts of an export refer to: authors, terms and attachments, gathered before the posts are read. */
import { htmlToText } from '../html.ts';
import { childText, readWxr, type WxrElement } from './wxr.ts';

export interface Term {
  name: string;
  description: string | undefined;
}

export interface WordpressSite {
  /** Items of every type. */
  items: number;
  address: string;
  /** Display names by log-in name. */
  authors: Map<string, string>;
  /** By `category:` or `post_tag:` and the slug. */
  terms: Map<string, Term>;
  /** Addresses of files by the attachment's id. */
  attachments: Map<string, string>;
}

/** Reads the whole file once, keeping only what is named in {@link WordpressSite}. @throws OperatorError as readWxr */
export async function readSite(file: string): Promise<WordpressSite> {
  const site: WordpressSite = {
    items: 0,
    address: '',
    authors: new Map(),
    terms: new Map(),
    attachments: new Map(),
  };
  for await (const record of readWxr(file)) {
    if (record.kind === 'element') addTo(site, record.element);
    else if (record.item !== 'end of file') site.items += 1;
  }
  return site;
}

function addTo(site: WordpressSite, element: WxrElement): void {
  const text = (name: string) => childText(element, `wp:${name}`);
  switch (element.name) {
    case 'wp:base_blog_url':
      site.address = element.text.trim();
      break;
    case 'wp:author':
      site.authors.set(text('author_login'), text('author_display_name') || text('author_login'));
      break;
    case 'wp:category':
      addTerm(site, 'category', text('category_nicename'), text('cat_name'), text('category_description'));
      break;
    case 'wp:tag':
      addTerm(site, 'post_tag', text('tag_slug'), text('tag_name'), text('tag_description'));
      break;
    case 'item':
      site.items += 1;
      if (text('post_type') === 'attachment') {
        const address = text('attachment_url') || childText(element, 'guid');
        if (address !== '') site.attachments.set(text('post_id'), address);
      }
  }
}

function addTerm(
  site: WordpressSite,
  taxonomy: string,
  slug: string,
  name: string,
  description: string,
): void {
  const text = htmlToText(description);
  site.terms.set(`${taxonomy}:${slug}`, {
    name: htmlToText(name),
    description: text === '' ? undefined : text,
  });
}
