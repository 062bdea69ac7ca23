/** Fields of a submitted form. */
export class Form {
  readonly #fields: ReadonlyMap<string, string[]>;

  /** @param body as the form parser made it: a string for each field, or strings where it came several times */
  constructor(body: unknown) {
    const entries = typeof body === 'object' && body !== null ? Object.entries(body) : [];
    this.#fields = new Map(entries.map(([name, value]) => [name, [value].flat().map(String)]));
  }

  /** As it was typed, with plain line ends (browsers send CRLF); empty when absent. */
  raw(name: string): string {
    return (this.#fields.get(name)?.[0] ?? '').replaceAll('\r\n', '\n');
  }

  /** Without blanks around it. */
  text(name: string): string {
    return this.raw(name).trim();
  }

  all(name: string): string[] {
    return this.#fields.get(name) ?? [];
  }
}
