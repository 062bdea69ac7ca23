/** Conditional writes by version: `ETag: "v3"` and `If-Match` (RFC 9110, 13.1.1). */
import { BroadsheetError } from '../errors.ts';

/** One or more of them, with commas between; a comma may also be part of a tag. */
const entityTags = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"(?:\s*,\s*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")*$/;

export function versionTag(version: number): string {
  return `"v${version}"`;
}

/**
 * The versions that an `If-Match` allows; undefined where any will do.
 * Weak tags and tags from elsewhere match nothing, as the RFC's strong comparison has it.
 *
 * @throws BroadsheetError `bad_request` for what is no list of entity tags
 */
export function parseIfMatch(header: string | undefined): number[] | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  if (!entityTags.test(header.trim())) {
    throw new BroadsheetError(
      'bad_request',
      'If-Match must hold entity tags in double quotes, as ETag gave them, or *.',
    );
  }
  const tags = header.match(/(?:W\/)?"[^"]*"/g) ?? [];
  // Behind the version stand a digest and an encoding, which a write doesn't care for.
  return tags.flatMap((tag) => /^"v(\d+)(?:-[\w-]+)?"$/.exec(tag)?.[1] ?? []).map(Number);
}
