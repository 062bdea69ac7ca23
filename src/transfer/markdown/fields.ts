/** Looks values up in front matter, whose keys every generator spells its own way. */
import { isTable, type SplitFile } from './front-matter.ts';

export interface Field {
  /** As written in the file. */
  key: string;
  value: unknown;
  line: number | undefined;
}

/** Keys are found whatever their case and with or without `_` and `-`: `feature_image` finds `featureImage`. */
export class Fields {
  readonly #byName = new Map<string, Field>();

  constructor(file: SplitFile) {
    // Zola keeps what it doesn't know itself under [extra], Hugo under params.
    for (const nested of [file.values['extra'], file.values['params']]) this.#add(nested, file.lineOf);
    this.#add(file.values, file.lineOf);
  }

  #add(table: unknown, lineOf: SplitFile['lineOf']): void {
    if (!isTable(table)) return;
    for (const [key, value] of Object.entries(table)) {
      if (value !== null && value !== undefined)
        this.#byName.set(plain(key), { key, value, line: lineOf(key) });
    }
  }

  /** The first of `names` that is present. */
  find(...names: string[]): Field | undefined {
    for (const name of names) {
      const field = this.#byName.get(plain(name));
      if (field) return field;
    }
    return undefined;
  }

  /** The first of `names` that holds text (numbers count: `title: 2024`) that is not blank. */
  text(...names: string[]): string | undefined {
    for (const name of names) {
      const value = textOf(this.find(name)?.value);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** True when the field says so, also as text. */
  flag(name: string): boolean | undefined {
    const value = this.find(name)?.value;
    if (value === true || value === false) return value;
    return typeof value === 'string' && /^(true|false)$/i.test(value)
      ? value.toLowerCase() === 'true'
      : undefined;
  }

  /** A list as it stands, or a single text split at `separator`. */
  list(name: string, separator: RegExp): string[] {
    return listOf(this.find(name)?.value, separator);
  }

  table(name: string): Record<string, unknown> | undefined {
    const value = this.find(name)?.value;
    return isTable(value) ? value : undefined;
  }
}

export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

export function listOf(value: unknown, separator: RegExp): string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => listOf(entry, /(?!)/));
  return (textOf(value)?.split(separator) ?? []).map((entry) => entry.trim()).filter((entry) => entry !== '');
}

function plain(key: string): string {
  return key.toLowerCase().replace(/[_-]/g, '');
}
