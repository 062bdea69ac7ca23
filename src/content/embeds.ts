/** Players of other sites that may stand in a post: they get an iframe of our making, everything else a link. */
import type { Attributes } from 'sanitize-html';

/** Origins that content may frame; the Content-Security-Policy's `frame-src` needs them. */
export const frameOrigins = ['https://www.youtube-nocookie.com', 'https://player.vimeo.com'] as const;

interface Player {
  src: string;
  title: string;
}

/** The player behind the address of an iframe, without cookies and without parameters that we don't know. */
export function findPlayer(address: string): Player | null {
  const url = URL.parse(address, 'https://relative.invalid');
  if (!url || !/^https?:$/.test(url.protocol)) return null;
  const host = url.hostname.replace(/^www\./, '');
  if (host === 'youtube.com' || host === 'youtube-nocookie.com') return youtubePlayer(url);
  if (host === 'player.vimeo.com') return vimeoPlayer(url);
  return null;
}

function youtubePlayer(url: URL): Player | null {
  const id = /^\/embed\/([\w-]{1,64})\/?$/.exec(url.pathname)?.[1];
  if (!id) return null;
  return {
    src: withParameters(`${frameOrigins[0]}/embed/${id}`, url, ['list', 'start', 'end']),
    title: 'YouTube video',
  };
}

function vimeoPlayer(url: URL): Player | null {
  const id = /^\/video\/(\d{1,20})\/?$/.exec(url.pathname)?.[1];
  if (!id) return null;
  return { src: withParameters(`${frameOrigins[1]}/video/${id}`, url, ['h']), title: 'Vimeo video' };
}

function withParameters(base: string, from: URL, names: string[]): string {
  const kept = new URLSearchParams();
  for (const name of names) {
    const value = from.searchParams.get(name);
    if (value && /^[\w-]{1,128}$/.test(value)) kept.set(name, value);
  }
  return kept.size > 0 ? `${base}?${kept}` : base;
}

/** Attributes of an iframe that can play, and nothing else: sandboxed, loaded when it comes into view. */
export function playerAttributes(player: Player, original: Attributes): Attributes {
  const kept = ['width', 'height'].filter((name) => original[name]);
  return {
    src: player.src,
    title: original['title'] || player.title,
    ...Object.fromEntries(kept.map((name) => [name, original[name] ?? ''])),
    loading: 'lazy',
    referrerpolicy: 'strict-origin-when-cross-origin',
    sandbox: 'allow-scripts allow-same-origin allow-presentation allow-popups',
    allowfullscreen: '',
  };
}
