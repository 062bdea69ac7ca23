/** Makes the addresses in a post's HTML absolute, for feed readers, which show it elsewhere. */
import { replaceTags } from './tags.ts';

const addressAttribute = /(\s(?:href|src|poster|cite)=")([^"]*)(")/gi;
const sourceSetAttribute = /(\ssrcset=")([^"]*)(")/gi;

/** @param base Absolute address of the page that the HTML is from. */
export function absoluteAddresses(html: string, base: string): string {
  return replaceTags(html, (tag) =>
    tag.closing
      ? tag.source
      : tag.source
          .replace(addressAttribute, (_, before: string, address: string, after: string) => {
            return `${before}${resolveAddress(address, base)}${after}`;
          })
          .replace(sourceSetAttribute, (_, before: string, candidates: string, after: string) => {
            return `${before}${resolveSourceSet(candidates, base)}${after}`;
          }),
  );
}

/** The absolute address; one that can't be resolved stays as it is. Ampersands are entities before and after. */
function resolveAddress(address: string, base: string): string {
  const resolved = URL.parse(address.replaceAll('&amp;', '&'), base);
  return resolved ? resolved.href.replaceAll('&', '&amp;').replaceAll('"', '%22') : address;
}

function resolveSourceSet(candidates: string, base: string): string {
  return candidates
    .split(/,\s+/)
    .map((candidate) => {
      const [address = '', ...descriptors] = candidate.trim().split(/\s+/);
      return [resolveAddress(address, base), ...descriptors].join(' ');
    })
    .join(', ');
}
