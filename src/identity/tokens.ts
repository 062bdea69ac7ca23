/** Who may make, see and revoke API tokens. */
import { v7 as uuidv7 } from 'uuid';
import { BroadsheetError } from '../errors.ts';
import { checkToken, normalizeEmail, toInstant } from './input.ts';
import { can, type Principal, type Scope } from './principal.ts';
import type { IdentityRepository } from './repository/index.ts';
import type { Role } from './roles.ts';
import { digest, newSecret } from './secrets.ts';
import { lowerRole, requireAdmin, scopesOf, type TokenCreate, type TokenInfo } from './user.ts';

export class Tokens {
  readonly #repository: IdentityRepository;
  readonly #now: () => number;

  /** @param now milliseconds since the epoch */
  constructor(repository: IdentityRepository, now: () => number) {
    this.#repository = repository;
    this.#now = now;
  }

  async create(input: TokenCreate, actor: Principal): Promise<{ token: string; info: TokenInfo }> {
    const now = new Date(this.#now()).toISOString();
    if (actor.kind !== 'user') requireAdmin(actor);
    checkToken(input, now);
    const rights = grantedRights(input, actor);
    const token = `bsk_${newSecret()}`;
    const id = uuidv7();
    await this.#repository.tokens.insert({
      id,
      name: input.name.trim(),
      hash: digest(token),
      ...rights,
      userId: await this.#userOf(input.user, actor),
      expiresAt: input.expiresAt === undefined ? null : toInstant(input.expiresAt),
      now,
    });
    const stored = await this.#repository.tokens.findById(id);
    if (!stored) throw tokenNotFound();
    return { token, info: tokenInfo(stored) };
  }

  async list(actor: Principal): Promise<TokenInfo[]> {
    if (actor.kind !== 'user') requireAdmin(actor);
    const tokens = await this.#repository.tokens.list(can(actor, 'admin') ? null : actor.id);
    return tokens.map(tokenInfo);
  }

  async revoke(id: string, actor: Principal): Promise<void> {
    const token = await this.#repository.tokens.findById(id);
    const isOwn = actor.kind === 'user' && token?.userId === actor.id;
    if (!token || !(isOwn || can(actor, 'admin'))) throw tokenNotFound();
    await this.#repository.tokens.remove(id);
  }

  async #userOf(email: string | undefined, actor: Principal): Promise<string | null> {
    if (email === undefined) return actor.kind === 'user' ? actor.id : null;
    const user = await this.#repository.users.findByEmail(normalizeEmail(email));
    if (user && user.id === actor.id) return user.id;
    requireAdmin(actor);
    if (user) return user.id;
    throw new BroadsheetError('validation_failed', 'There is no user with this e-mail address.', {
      errors: [{ path: '/user', message: 'must be the e-mail address of a user' }],
    });
  }
}

/** Nobody gives more than they have. */
function grantedRights(input: TokenCreate, actor: Principal): { role: Role; scopes: Scope[] } {
  const own = actor.role ?? 'author';
  const role = input.role ?? own;
  if (lowerRole(role, own) !== role) {
    throw new BroadsheetError('forbidden', `You can't give the role ${role}: yours is ${own}.`);
  }
  const possible = scopesOf(role).filter((scope) => can(actor, scope));
  const scopes = input.scopes ?? possible.filter((scope) => scope !== 'admin');
  const excess = scopes.find((scope) => !possible.includes(scope));
  if (excess === undefined) return { role, scopes };
  throw new BroadsheetError(
    'forbidden',
    `A token of the role ${role} can't have the scope ${excess} from you.`,
  );
}

const tokenNotFound = () => new BroadsheetError('not_found', 'There is no such token.');

function tokenInfo(stored: TokenInfo): TokenInfo {
  const { id, name, role, scopes, userName, expiresAt, createdAt, lastUsedAt } = stored;
  return { id, name, role, scopes, userName, expiresAt, createdAt, lastUsedAt };
}
