/** Where the site is reached. Not read from requests: an answer that is cached must not depend on who asked first. */
import type { Config } from '../config/schema.ts';

export class Origin {
  readonly #site: Config['site'];
  readonly #host: string;
  #port: number;

  constructor({ site, http }: Pick<Config, 'site' | 'http'>) {
    this.#site = site;
    this.#host = http.host === '0.0.0.0' || http.host === '::' ? 'localhost' : http.host;
    this.#port = http.port;
  }

  /** Such as `https://blog.example.com`: SITE_URL, else the address that is listened on. No slash at the end. */
  get value(): string {
    if (this.#site.url !== undefined) return this.#site.url;
    const host = this.#host.includes(':') ? `[${this.#host}]` : this.#host;
    return `http://${host}:${this.#port}`;
  }

  /** The port is known only now when any free one was asked for. */
  listensOn(port: number): void {
    this.#port = port;
  }
}
