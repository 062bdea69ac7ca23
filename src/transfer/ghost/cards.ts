/** Cards: what Ghost's editors put between paragraphs. The same for lexical and mobiledoc, under slightly other names. */

import { renderMarkdown } from '../../content/markdown.ts';
import { embedHtml, escapeHtml } from '../html.ts';

export type Payload = Record<string, unknown>;

/** Returns the card as HTML, or undefined for one that has no meaning outside of Ghost. */
export function cardHtml(name: string, payload: Payload): string | undefined {
  return cards[name.toLowerCase()]?.(payload);
}

const markdown = (payload: Payload) => renderMarkdown(text(payload, 'markdown'));
const html = (payload: Payload) => text(payload, 'html');
const rule = () => '<hr>';
const nothing = () => '';

const cards: Record<string, (payload: Payload) => string> = {
  markdown,
  'card-markdown': markdown,
  html,
  email: nothing,
  'email-cta': nothing,
  paywall: nothing,
  code,
  codeblock: code,
  image,
  gallery,
  hr: rule,
  horizontalrule: rule,
  embed,
  bookmark,
  callout,
  toggle,
  button,
  product,
  header,
  audio: (payload) => media('audio', payload),
  video: (payload) => media('video', payload),
  file,
};

function text(payload: Payload, ...keys: string[]): string {
  return keys.map((key) => payload[key]).find((value) => typeof value === 'string') ?? '';
}

function table(payload: Payload, key: string): Payload {
  const value = payload[key];
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function figure(inner: string, caption: string): string {
  return `<figure>${inner}${caption === '' ? '' : `<figcaption>${caption}</figcaption>`}</figure>`;
}

function link(address: string, label: string): string {
  return `<a href="${escapeHtml(address)}">${label}</a>`;
}

function code(payload: Payload): string {
  const language = text(payload, 'language');
  const attribute = /^[\w+#.-]+$/.test(language) ? ` class="language-${language}"` : '';
  return figureIf(
    `<pre><code${attribute}>${escapeHtml(text(payload, 'code'))}</code></pre>`,
    text(payload, 'caption'),
  );
}

function figureIf(inner: string, caption: string): string {
  return caption === '' ? inner : figure(inner, caption);
}

function image(payload: Payload): string {
  const source = text(payload, 'src');
  if (source === '') return '';
  const picture = `<img src="${escapeHtml(source)}" alt="${escapeHtml(text(payload, 'alt', 'altText'))}">`;
  const href = text(payload, 'href');
  return figure(href === '' ? picture : link(href, picture), text(payload, 'caption'));
}

function gallery(payload: Payload): string {
  const images: unknown[] = Array.isArray(payload['images']) ? payload['images'] : [];
  const pictures = images.map((entry) => {
    const picture: Payload = typeof entry === 'object' && entry !== null ? { ...entry } : {};
    return `<img src="${escapeHtml(text(picture, 'src'))}" alt="${escapeHtml(text(picture, 'alt', 'altText'))}">`;
  });
  return figure(pictures.join(''), text(payload, 'caption'));
}

function embed(payload: Payload): string {
  const written = text(payload, 'html');
  return figureIf(
    written.includes('<iframe') ? written : embedHtml(text(payload, 'url')),
    text(payload, 'caption'),
  );
}

function bookmark(payload: Payload): string {
  const metadata = table(payload, 'metadata');
  const title = escapeHtml(text(metadata, 'title') || text(payload, 'title') || text(payload, 'url'));
  const description = escapeHtml(text(metadata, 'description') || text(payload, 'description'));
  const more = description === '' ? '' : `<br>${description}`;
  return figureIf(`<p>${link(text(payload, 'url'), title)}${more}</p>`, text(payload, 'caption'));
}

function callout(payload: Payload): string {
  const emoji = escapeHtml(text(payload, 'calloutEmoji'));
  return `<blockquote><p>${emoji === '' ? '' : `${emoji} `}${text(payload, 'calloutText')}</p></blockquote>`;
}

function toggle(payload: Payload): string {
  return `<details><summary>${text(payload, 'heading')}</summary>${text(payload, 'content')}</details>`;
}

function button(payload: Payload): string {
  return `<p>${link(text(payload, 'buttonUrl'), escapeHtml(text(payload, 'buttonText')))}</p>`;
}

function product(payload: Payload): string {
  const source = text(payload, 'productImageSrc');
  const picture = source === '' ? '' : figure(`<img src="${escapeHtml(source)}" alt="">`, '');
  const title = `<h4>${text(payload, 'productTitle')}</h4>`;
  const address = text(payload, 'productUrl');
  const more =
    address === '' ? '' : `<p>${link(address, escapeHtml(text(payload, 'productButton') || address))}</p>`;
  return `${picture}${title}${text(payload, 'productDescription')}${more}`;
}

function header(payload: Payload): string {
  const subheader = text(payload, 'subheader');
  return `<h2>${text(payload, 'header')}</h2>${subheader === '' ? '' : `<p>${subheader}</p>`}`;
}

function media(name: 'audio' | 'video', payload: Payload): string {
  const source = escapeHtml(text(payload, 'src'));
  return figure(
    `<${name} controls src="${source}"></${name}>`,
    text(payload, 'caption') || escapeHtml(text(payload, 'title')),
  );
}

function file(payload: Payload): string {
  const source = text(payload, 'src');
  return `<p>${link(source, escapeHtml(text(payload, 'fileTitle') || text(payload, 'fileName') || source))}</p>`;
}
