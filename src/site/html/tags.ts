/**
 * Rewrites tags of HTML that the sanitizer has serialized: every tag is balanced, attributes are in double quotes,
 * and `<` occurs in tags only. That makes a pattern exact where arbitrary HTML would need a parser.
 */
const tagPattern = /<(\/?)([a-z][a-z0-9-]*)((?:[^">]|"[^"]*")*)>/gi;

export interface Tag {
  /** As it stands in the text. */
  source: string;
  closing: boolean;
  /** In lower case. */
  name: string;
  /** What stands between the name and `>`, a final slash included. */
  attributes: string;
}

export function replaceTags(html: string, replace: (tag: Tag) => string): string {
  return html.replace(tagPattern, (source: string, slash: string, name: string, attributes: string) =>
    replace({ source, closing: slash === '/', name: name.toLowerCase(), attributes }),
  );
}
