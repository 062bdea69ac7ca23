/** Finds out who a request acts for. */
import { BroadsheetError } from '../errors.ts';
import type { BackgroundWrites } from './background-writes.ts';
import { isCrossOrigin, isSafe, refuseCrossOrigin } from './cross-origin.ts';
import { isDirectLoopback } from './loopback.ts';
import { anonymous, open, type Principal, scopes } from './principal.ts';
import type { IdentityRepository } from './repository/index.ts';
import type { AuthenticationRequest } from './request.ts';
import { digest, equalSecrets } from './secrets.ts';
import { readSessionCookie } from './session-cookie.ts';
import { extendedExpiry } from './session-lifetime.ts';
import { scopesOf, type User } from './user.ts';

export interface AuthenticatorOptions {
  mode: 'required' | 'open';
  adminToken: string | undefined;
  /** The public origin; where it is https, cookies are secure although a proxy speaks http to this process. */
  ownOrigin: string | undefined;
  /** Milliseconds since the epoch. */
  now: () => number;
}

const TOUCH_INTERVAL_MS = 60_000;

export class Authenticator {
  readonly #repository: IdentityRepository;
  readonly #background: BackgroundWrites;
  readonly #options: AuthenticatorOptions;

  constructor(repository: IdentityRepository, background: BackgroundWrites, options: AuthenticatorOptions) {
    this.#repository = repository;
    this.#background = background;
    this.#options = options;
  }

  /**
   * A bearer token decides alone; without one the session cookie, then AUTH=open, else nobody.
   * @throws BroadsheetError `unauthorized` for a token that isn't valid, `cross_origin` for a request that a
   *   browser sends with the visitor's rights on behalf of another site
   */
  async authenticate(request: AuthenticationRequest): Promise<Principal> {
    const token = readBearerToken(request.headers.authorization);
    if (token !== undefined) return this.#byToken(token);
    const user = await this.sessionUser(request);
    if (user) {
      refuseCrossOrigin(request, this.#options.ownOrigin);
      return userPrincipal(user);
    }
    if (this.#options.mode === 'open' && isDirectLoopback(request)) return this.#openPrincipal(request);
    return anonymous;
  }

  /** Whose session the request's cookie is, if it is one and not over. Slides its expiry. */
  async sessionUser(request: AuthenticationRequest): Promise<User | undefined> {
    const secret = readSessionCookie(request.headers.cookie, this.isSecure(request));
    if (!secret) return undefined;
    const hash = digest(secret);
    const session = await this.#repository.sessions.find(hash);
    const now = this.#options.now();
    if (!session || session.expiresAt <= new Date(now).toISOString()) return undefined;
    const expiresAt = extendedExpiry(session, now);
    if (expiresAt) {
      this.#background.start(`session ${hash}`, () => this.#repository.sessions.extend(hash, expiresAt));
    }
    return session.user;
  }

  isSecure(request: AuthenticationRequest): boolean {
    return request.protocol === 'https' || (this.#options.ownOrigin?.startsWith('https:') ?? false);
  }

  async #byToken(secret: string): Promise<Principal> {
    const { adminToken, now } = this.#options;
    if (adminToken !== undefined && equalSecrets(secret, adminToken)) return bootstrapPrincipal;
    const token = await this.#repository.tokens.findByHash(digest(secret));
    const instant = new Date(now()).toISOString();
    if (!token || (token.expiresAt !== null && token.expiresAt <= instant)) {
      throw new BroadsheetError('unauthorized', 'The token is not valid: unknown, revoked or expired.', {
        headers: { 'www-authenticate': 'Bearer realm="Broadsheet", error="invalid_token"' },
      });
    }
    if (token.lastUsedAt === null || now() - Date.parse(token.lastUsedAt) >= TOUCH_INTERVAL_MS) {
      this.#background.start(`token ${token.id}`, () => this.#repository.tokens.touch(token.id, instant));
    }
    const allowed = scopesOf(token.role);
    return {
      kind: 'token',
      id: token.id,
      name: token.name,
      role: token.role,
      scopes: new Set(token.scopes.filter((scope) => allowed.includes(scope))),
      authorSlug: token.authorSlug,
    };
  }

  /** Another site's page may read what everybody may, where CORS allows it; it doesn't get the visitor's rights. */
  #openPrincipal(request: AuthenticationRequest): Principal {
    const { ownOrigin } = this.#options;
    refuseCrossOrigin(request, ownOrigin);
    const isForeignScript =
      isSafe(request.method) && request.headers.origin !== undefined && isCrossOrigin(request, ownOrigin);
    return isForeignScript ? anonymous : open;
  }
}

export function userPrincipal(user: User): Principal {
  return {
    kind: 'user',
    id: user.id,
    name: user.name,
    role: user.role,
    scopes: new Set(scopesOf(user.role)),
    authorSlug: user.authorSlug,
  };
}

const bootstrapPrincipal: Principal = {
  kind: 'token',
  id: 'admin-token',
  name: 'ADMIN_TOKEN',
  role: 'owner',
  scopes: new Set(scopes),
  authorSlug: null,
};

/** RFC 6750, section 2.1. Other schemes, such as Basic, may be a proxy's and are not ours to judge. */
function readBearerToken(authorization: string | undefined): string | undefined {
  const match = /^bearer(?: +(.*))?$/i.exec(authorization ?? '');
  return match ? (match[1] ?? '').trim() : undefined;
}
