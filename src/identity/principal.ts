/** Who a request acts for, and what that allows. Pure data: no module is needed to decide. */
import type { Role } from './roles.ts';

export const scopes = ['posts:read', 'posts:write', 'media:write', 'admin'] as const;
/** `posts:read` shows what is not published; `admin` covers users, tokens and settings. */
export type Scope = (typeof scopes)[number];

export interface Principal {
  kind: 'anonymous' | 'token' | 'user' | 'open' | 'system';
  /** The token's or the user's id; for the others their kind. Keys what belongs to a client, such as idempotency keys. */
  id: string;
  name: string;
  role: Role | null;
  scopes: ReadonlySet<Scope>;
  /** Slug of the author whose posts are this principal's own; null when it has none. */
  authorSlug: string | null;
}

export const anonymous: Principal = {
  kind: 'anonymous',
  id: 'anonymous',
  name: 'anonymous',
  role: null,
  scopes: new Set(),
  authorSlug: null,
};

const everyScope: ReadonlySet<Scope> = new Set(scopes);

/** The program itself: commands, jobs, and who embeds the blog. */
export const system: Principal = {
  kind: 'system',
  id: 'system',
  name: 'system',
  role: 'owner',
  scopes: everyScope,
  authorSlug: null,
};

/** Anybody, where AUTH=open allows it. */
export const open: Principal = {
  kind: 'open',
  id: 'open',
  name: 'open',
  role: 'owner',
  scopes: everyScope,
  authorSlug: null,
};

export function can(principal: Principal, scope: Scope): boolean {
  return principal.role !== null && principal.scopes.has(scope);
}
