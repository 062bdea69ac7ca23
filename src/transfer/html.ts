/** Small pieces of HTML, shared by the readers. */
import { findPlayer } from '../content/embeds.ts';
import { plainText } from '../content/summary.ts';
import { parseHtml } from '../content/tree.ts';

/** Makes text safe inside an element or a double-quoted attribute. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** The words of a piece of HTML on one line. */
export function htmlToText(html: string): string {
  return plainText(parseHtml(html)).replace(/\s+/g, ' ').trim();
}

/** The first words of a text, for a post that has no title. */
export function titleFromText(text: string): string {
  const words = text.split(/\s+/).filter(Boolean);
  const start = words.slice(0, 8).join(' ').slice(0, 80).toWellFormed();
  return start === '' ? 'Untitled' : `${start}${words.length > 8 ? '…' : ''}`;
}

/** A player where this blog has one for the address, otherwise a link. */
export function embedHtml(address: string): string {
  const player = playerAddress(address);
  if (findPlayer(player)) return `<figure><iframe src="${escapeHtml(player)}"></iframe></figure>`;
  const safe = escapeHtml(address);
  return /^https?:\/\//.test(address) ? `<p><a href="${safe}">${safe}</a></p>` : `<p>${safe}</p>`;
}

/** People paste the address of a film's page; its player is elsewhere. */
function playerAddress(address: string): string {
  const url = URL.parse(address);
  const host = url?.hostname.replace(/^(www|m)\./, '');
  if (url && host === 'youtu.be') return `https://www.youtube.com/embed${url.pathname}`;
  if (url && host === 'youtube.com' && url.pathname === '/watch') {
    return `https://www.youtube.com/embed/${url.searchParams.get('v') ?? ''}`;
  }
  return url && host === 'vimeo.com' ? `https://player.vimeo.com/video${url.pathname}` : address;
}
