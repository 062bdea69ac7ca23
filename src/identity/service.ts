/** Users, tokens, sessions, and the first set-up. */
import { BroadsheetError } from '../errors.ts';
import { Authenticator, userPrincipal } from './authenticator.ts';
import { BackgroundWrites } from './background-writes.ts';
import { checkName, checkPassword, checkUser, normalizeEmail } from './input.ts';
import { LogInGuard } from './log-in-guard.ts';
import { PasswordHasher } from './passwords.ts';
import { type Principal, system } from './principal.ts';
import type { IdentityRepository } from './repository/index.ts';
import type { NewUser, StoredUser } from './repository/users.ts';
import type { AuthenticationRequest } from './request.ts';
import type { Role } from './roles.ts';
import { digest, newSecret } from './secrets.ts';
import { readSessionCookie, sessionCookie } from './session-cookie.ts';
import { COOKIE_MAX_AGE_SECONDS, firstExpiry } from './session-lifetime.ts';
import { Tokens } from './tokens.ts';
import { requireAdmin, type TokenCreate, type TokenInfo, type User, type UserCreate } from './user.ts';

export interface IdentityOptions {
  mode: 'required' | 'open';
  adminToken?: string | undefined;
  /** The blog's public origin, where it is known. */
  siteUrl?: string | undefined;
  hasher?: PasswordHasher;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

export interface LogIn {
  email: string;
  password: string;
}

/** A session that begins: what to tell the browser, and who it is. */
export interface SessionStart {
  /** The value of a `Set-Cookie` header. */
  cookie: string;
  principal: Principal;
}

const EXPIRED_TOKENS_MS = 30 * 86_400_000;

export class IdentityService {
  readonly #repository: IdentityRepository;
  readonly #hasher: PasswordHasher;
  readonly #guard: LogInGuard;
  readonly #tokens: Tokens;
  readonly #authenticator: Authenticator;
  readonly #background = new BackgroundWrites();
  readonly #now: () => number;

  constructor(repository: IdentityRepository, options: IdentityOptions) {
    this.#repository = repository;
    this.#hasher = options.hasher ?? new PasswordHasher();
    this.#now = options.now ?? Date.now;
    // Not the wall clock, so that setting it locks nobody out.
    this.#guard = new LogInGuard(options.now ?? (() => performance.now()));
    this.#tokens = new Tokens(repository, this.#now);
    this.#authenticator = new Authenticator(repository, this.#background, {
      mode: options.mode,
      adminToken: options.adminToken,
      ownOrigin: options.siteUrl,
      now: this.#now,
    });
  }

  /**
   * Who the request acts for: a bearer token decides alone; without one the session cookie, then AUTH=open.
   * @throws BroadsheetError `unauthorized` for a token that isn't valid, `cross_origin` for a request that a
   *   browser sends with the visitor's rights on behalf of another site
   */
  authenticate(request: AuthenticationRequest): Promise<Principal> {
    return this.#authenticator.authenticate(request);
  }

  /** Waits for writes that no request waited for. Call it before the database is closed. */
  close(): Promise<void> {
    return this.#background.settled();
  }

  /**
   * Removes sessions that are over, and tokens a month after they expired: until then their owner may wonder why they
   * don't work. @param now milliseconds since the epoch
   */
  async forgetExpired(now: number): Promise<void> {
    await this.#repository.sessions.removeExpired(new Date(now).toISOString());
    await this.#repository.tokens.removeExpiredBefore(new Date(now - EXPIRED_TOKENS_MS).toISOString());
  }

  // Set-up.

  /** @returns a new one-time token for `/admin/setup?token=…`, or null when the blog has a user */
  async beginSetup(): Promise<string | null> {
    const token = newSecret();
    return (await this.#repository.setup.begin(digest(token), this.#instant())) ? token : null;
  }

  /** Whether the blog still waits for its owner. */
  async needsSetup(): Promise<boolean> {
    return !(await this.#repository.users.exists());
  }

  isSetupToken(token: string): Promise<boolean> {
    return this.#repository.setup.isValid(digest(token));
  }

  /**
   * Makes the owner; the token is used up.
   * @throws BroadsheetError `validation_failed`; `forbidden` when the token isn't valid (any more)
   */
  async completeSetup(token: string, owner: Omit<UserCreate, 'role'>): Promise<User> {
    // Before the work of hashing, which nobody without the link may cause.
    if (!(await this.isSetupToken(token))) throw invalidSetup();
    const user = await this.#newUser({ ...owner, role: 'owner' });
    const id = await this.#repository.setup.complete(digest(token), user);
    return this.findUser(id);
  }

  // Sessions.

  /**
   * @throws BroadsheetError `unauthorized`, the same and after the same time whether the account exists or not;
   *   `too_many_attempts` with `Retry-After`
   */
  async logIn({ email, password }: LogIn, request: AuthenticationRequest): Promise<SessionStart> {
    const address = normalizeEmail(email);
    const user = await this.#repository.users.findByEmail(address);
    await this.#verify(address, request, password, user);
    if (!user) throw wrongLogIn();
    return this.#startSession(user, request);
  }

  /** Ends the request's session. @returns the value of a `Set-Cookie` header that takes the cookie away */
  async logOut(request: AuthenticationRequest): Promise<string> {
    const secure = this.#authenticator.isSecure(request);
    const secret = readSessionCookie(request.headers.cookie, secure);
    if (secret) await this.#repository.sessions.remove(digest(secret));
    return sessionCookie('', secure, 0);
  }

  /**
   * Changes the password of the user whose session it is, ends all of the user's sessions, and begins a new one.
   * @throws BroadsheetError `unauthorized` when the current password is wrong, `validation_failed`, `too_many_attempts`
   */
  async changePassword(
    change: { current: string; next: string },
    request: AuthenticationRequest,
  ): Promise<SessionStart> {
    const session = await this.#authenticator.sessionUser(request);
    if (!session) throw new BroadsheetError('unauthorized', 'Log in to change your password.');
    const user = await this.#user(session.id);
    checkPassword('/next', change.next);
    await this.#verify(user.email, request, change.current, user);
    await this.#repository.users.setPassword(user.id, await this.#hasher.hash(change.next));
    return this.#startSession(user, request);
  }

  // Users.

  /** @throws BroadsheetError `validation_failed`, `email_taken`, `author_not_found`, `forbidden` */
  async createUser(input: UserCreate, actor: Principal = system): Promise<User> {
    requireAdmin(actor);
    return this.findUser(await this.#repository.users.create(await this.#newUser(input)));
  }

  async listUsers(actor: Principal = system): Promise<User[]> {
    requireAdmin(actor);
    return this.#repository.users.list();
  }

  /** @throws BroadsheetError `not_found` */
  async findUser(id: string): Promise<User> {
    const { passwordHash: _, ...user } = await this.#user(id);
    return user;
  }

  /** @throws BroadsheetError `not_found`; `forbidden` when no owner would be left */
  async setRole(id: string, role: Role, actor: Principal = system): Promise<void> {
    requireAdmin(actor);
    await this.#user(id);
    await this.#repository.users.setRole(id, role);
  }

  /** Renames a user: an owner anybody, the others themselves. @throws BroadsheetError */
  async renameUser(id: string, name: string, actor: Principal = system): Promise<void> {
    if (actor.id !== id) requireAdmin(actor);
    await this.#user(id);
    checkName(name);
    await this.#repository.users.rename(id, name.trim());
  }

  /** Gives a user who forgot it a new password, and ends all of the user's sessions. @throws BroadsheetError */
  async resetPassword(id: string, password: string, actor: Principal = system): Promise<void> {
    requireAdmin(actor);
    await this.#user(id);
    checkPassword('/password', password);
    await this.#repository.users.setPassword(id, await this.#hasher.hash(password));
  }

  /** Removes a user with sessions and tokens; author profile and posts stay. @throws BroadsheetError */
  async removeUser(id: string, actor: Principal = system): Promise<void> {
    requireAdmin(actor);
    await this.#user(id);
    await this.#repository.users.remove(id);
  }

  // Tokens.

  /**
   * Makes an API token; only its hash is kept, so this is the one time that it is seen.
   * @example await identity.createToken({ name: 'deploy', role: 'editor', scopes: ['posts:write'] })
   * @throws BroadsheetError `validation_failed`; `forbidden` for more rights than the maker has
   */
  createToken(input: TokenCreate, actor: Principal = system): Promise<{ token: string; info: TokenInfo }> {
    return this.#tokens.create(input, actor);
  }

  /** All tokens for an owner, their own for the others. @throws BroadsheetError `forbidden` */
  listTokens(actor: Principal = system): Promise<TokenInfo[]> {
    return this.#tokens.list(actor);
  }

  /** @throws BroadsheetError `not_found`, also for a token that is none of the actor's business */
  revokeToken(id: string, actor: Principal = system): Promise<void> {
    return this.#tokens.revoke(id, actor);
  }

  /** @throws BroadsheetError `unauthorized`, `too_many_attempts` */
  async #verify(
    email: string,
    request: AuthenticationRequest,
    password: string,
    user: StoredUser | undefined,
  ): Promise<void> {
    const isRight = await this.#guard.attempt(email, request.ip, async () => {
      const check = await this.#hasher.verify(password, user?.passwordHash);
      if (user && check.outdated) this.#rehash(user, password);
      return check.matches;
    });
    if (!isRight) throw wrongLogIn();
  }

  #rehash(user: StoredUser, password: string): void {
    this.#background.start(`password ${user.id}`, async () => {
      await this.#repository.users.rehash(user.id, user.passwordHash, await this.#hasher.hash(password));
    });
  }

  async #startSession(user: User, request: AuthenticationRequest): Promise<SessionStart> {
    const secret = newSecret();
    const now = this.#now();
    await this.#repository.sessions.insert(digest(secret), user.id, this.#instant(), firstExpiry(now));
    const secure = this.#authenticator.isSecure(request);
    return {
      cookie: sessionCookie(secret, secure, COOKIE_MAX_AGE_SECONDS),
      principal: userPrincipal(user),
    };
  }

  async #newUser(input: UserCreate): Promise<NewUser> {
    checkUser(input);
    return {
      email: normalizeEmail(input.email),
      name: input.name.trim(),
      role: input.role,
      author: input.author,
      passwordHash: await this.#hasher.hash(input.password),
      now: this.#instant(),
    };
  }

  async #user(id: string): Promise<StoredUser> {
    const user = await this.#repository.users.findById(id);
    if (!user) throw new BroadsheetError('not_found', 'There is no such user.');
    return user;
  }

  #instant(): string {
    return new Date(this.#now()).toISOString();
  }
}

const wrongLogIn = () =>
  new BroadsheetError('unauthorized', 'The e-mail address or the password is not right.');
const invalidSetup = () =>
  new BroadsheetError(
    'forbidden',
    'This set-up link is not valid. While the blog has no user, each start prints a new one.',
  );
