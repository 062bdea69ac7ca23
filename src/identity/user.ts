/** People and tokens as the program handles them. */
import { BroadsheetError } from '../errors.ts';
import { can, type Principal, type Scope, scopes } from './principal.ts';
import type { Role } from './roles.ts';

export interface User {
  id: string;
  email: string;
  name: string;
  role: Role;
  /** Slug of the author profile whose posts are the user's own. */
  authorSlug: string | null;
  createdAt: string;
}

export interface UserCreate {
  email: string;
  name: string;
  password: string;
  role: Role;
  /** Slug of an author profile to take over; without it, one is made from the name. */
  author?: string;
}

/** What may be known about a token after it was made: everything but the token. */
export interface TokenInfo {
  id: string;
  name: string;
  role: Role;
  scopes: Scope[];
  /** Whom it acts for; null for a token of the blog itself. */
  userName: string | null;
  /** RFC 3339 UTC, like the other times; null when it doesn't expire. */
  expiresAt: string | null;
  createdAt: string;
  /** To the minute; null when it was never used. */
  lastUsedAt: string | null;
}

export interface TokenCreate {
  name: string;
  /** At most the maker's; the maker's when absent. */
  role?: Role;
  /** At most the maker's; when absent, all that the role has but `admin`. */
  scopes?: Scope[];
  expiresAt?: string;
  /** E-mail address of the user whom the token acts for. Only owners may name another than themselves. */
  user?: string;
}

const rank: Record<Role, number> = { author: 0, editor: 1, owner: 2 };

/** The role that allows less. */
export function lowerRole(left: Role, right: Role): Role {
  return rank[left] < rank[right] ? left : right;
}

/** The scopes that a role may have. */
export function scopesOf(role: Role): Scope[] {
  return scopes.filter((scope) => role === 'owner' || scope !== 'admin');
}

/** @throws BroadsheetError `forbidden` to who isn't an owner */
export function requireAdmin(actor: Principal): void {
  if (!can(actor, 'admin')) throw new BroadsheetError('forbidden', 'Only an owner may do this.');
}
