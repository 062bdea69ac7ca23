/** A visitor of the admin pages without a browser: keeps cookies, sends forms as browsers do. */
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';

export class Visitor {
  readonly #http: FastifyInstance;
  #cookie: string | undefined;

  constructor(http: FastifyInstance) {
    this.#http = http;
  }

  get cookie(): string {
    return this.#cookie ?? '';
  }

  get(path: string): Promise<LightMyRequestResponse> {
    return this.#send({ method: 'GET', url: path });
  }

  post(
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<LightMyRequestResponse> {
    return this.#send({
      method: 'POST',
      url: path,
      payload: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });
  }

  async logIn(email: string, password: string): Promise<this> {
    await this.post('/admin/log-in', { email, password });
    return this;
  }

  async #send(request: {
    method: 'GET' | 'POST';
    url: string;
    payload?: string;
    headers?: Record<string, string>;
  }): Promise<LightMyRequestResponse> {
    const cookie = this.#cookie === undefined ? {} : { cookie: this.#cookie };
    const headers = { host: 'localhost', 'sec-fetch-site': 'same-origin', ...cookie, ...request.headers };
    const response = await this.#http.inject({ ...request, headers });
    const set = response.headers['set-cookie'];
    if (typeof set === 'string') this.#cookie = set.split(';')[0];
    return response;
  }
}
