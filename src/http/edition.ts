/** Names everything besides the content that an answer is made from: the program, its settings, its theme, its address. */
import { createHash } from 'node:crypto';

/** Nodes of different editions share a Redis without meeting each other's answers: while one is updated before the other. */
export class Edition {
  readonly #fixed: readonly unknown[];
  readonly #origin: { readonly value: string };
  #themeVersion = '';
  #madeFor: string | undefined;
  #value = '';

  /** @param fixed what doesn't change while the program runs */
  constructor(fixed: readonly unknown[], origin: { readonly value: string }) {
    this.#fixed = fixed;
    this.#origin = origin;
  }

  useTheme(version: string): void {
    this.#themeVersion = version;
    this.#madeFor = undefined;
  }

  /** The origin is known for good only when the server listens. */
  get value(): string {
    const origin = this.#origin.value;
    if (this.#madeFor !== origin) {
      const made = JSON.stringify([...this.#fixed, this.#themeVersion, origin]);
      this.#value = createHash('sha256').update(made).digest('base64url').slice(0, 12);
      this.#madeFor = origin;
    }
    return this.#value;
  }
}
