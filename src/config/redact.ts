/** Hides credentials in what is shown of a setting. */

/**
 * Hides what a URL says about a user and every query parameter that sounds like a credential. It works on text, not on
 * a parsed URL, because a malformed one (a password with a slash in it) must not be shown either.
 *
 * @example redactUrl('postgres://me:secret@db/blog') === 'postgres://***@db/blog'
 */
export function redactUrl(text: string): string {
  return text
    .replace(/^([a-z][a-z0-9+.-]*:(?:\/\/)?)?.*@/is, '$1***@')
    .replace(/([?&;][^=&;]*(?:pass|pwd|secret|token|key|auth)[^=&;]*=)[^&;]*/gi, '$1***');
}

/** A setting's value, as a message may show it: quoted when it is text, shortened when it is long. */
export function showValue(value: unknown, secret = false): string {
  if (secret) return typeof value === 'string' ? `(hidden, ${value.length} characters)` : '(hidden)';
  if (Array.isArray(value)) return `[${value.map((item) => showValue(item)).join(', ')}]`;
  if (typeof value === 'string') return JSON.stringify(shorten(redactUrl(value)));
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
