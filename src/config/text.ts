/** From the text of an environment variable or a flag to the value that the schema describes. */
import { type Keywords, keywordsOf } from './settings.ts';

/**
 * The value that `text` stands for; the text itself where it stands for none, so that the validation refuses it and
 * the message can quote it.
 *
 * @example parseText({ type: 'integer' }, '8000') === 8000
 */
export function parseText(keywords: Keywords, text: string): unknown {
  if (keywords.anyOf) return parseAlternatives(keywords.anyOf.map(keywordsOf), text);
  switch (keywords.type) {
    case 'integer':
    case 'number':
      return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : text;
    case 'boolean':
      return parseBoolean(text);
    case 'array':
      return text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
    default:
      return text;
  }
}

/** A word of the schema in whatever case, since `LOG_LEVEL=INFO` leaves no doubt; else what the other types make of it. */
function parseAlternatives(options: Keywords[], text: string): unknown {
  const word = options.find((option) => option.const === text.toLowerCase());
  if (word) return word.const;
  return options
    .filter((option) => option.const === undefined)
    .reduce<unknown>((value, option) => (value === text ? parseText(option, text) : value), text);
}

function parseBoolean(text: string): unknown {
  if (/^(true|1|yes|on)$/i.test(text)) return true;
  if (/^(false|0|no|off)$/i.test(text)) return false;
  return text;
}
