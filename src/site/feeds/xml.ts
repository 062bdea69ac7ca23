/** Text for XML 1.0 documents. */

// What XML 1.0 can't hold, even as a reference: control characters, lone surrogates, non-characters (its section 2.2).
const illegal = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

export function withoutIllegalCharacters(text: string): string {
  return text.replace(illegal, '');
}

/** For element content and for attributes in double quotes. */
export function xmlText(text: string): string {
  return withoutIllegalCharacters(text).replace(/[&<>"]/g, (character) => entities[character] ?? '');
}

/** An element with text, or nothing when the text is empty. */
export function xmlElement(name: string, text: string): string {
  return text === '' ? '' : `<${name}>${xmlText(text)}</${name}>\n`;
}
