/** Who may see and change which posts (roles: owner and editor all, author the own ones). */
import { BroadsheetError } from '../../errors.ts';
import { can, type Principal } from '../../identity/principal.ts';
import type { PostSummary } from './post.ts';

export function isVisible(post: PostSummary, viewer: Principal): boolean {
  if (post.status === 'published') return true;
  return can(viewer, 'posts:read') && isOwnOrAny(post, viewer);
}

/** Same words for what is hidden and what never was: nobody learns that a draft exists. */
export function postNotFound(): BroadsheetError {
  return new BroadsheetError(
    'post_not_found',
    'There is no such post. Check the id or slug; a post that is not published needs a token.',
  );
}

/** @throws BroadsheetError `unauthorized` without credentials, `forbidden` without the scope. */
export function requireWriter(actor: Principal): void {
  if (can(actor, 'posts:write')) return;
  if (actor.role === null) {
    throw new BroadsheetError('unauthorized', 'Send a token: Authorization: Bearer TOKEN.', {
      headers: { 'www-authenticate': 'Bearer realm="broadsheet"' },
    });
  }
  throw new BroadsheetError('forbidden', 'The token lacks the scope posts:write.');
}

/** @throws BroadsheetError `post_not_found` where the post is hidden from the actor, `forbidden` where it is not theirs. */
export function requireEditorOf(post: PostSummary, actor: Principal): void {
  if (isOwnOrAny(post, actor)) return;
  if (!isVisible(post, actor)) throw postNotFound();
  throw new BroadsheetError('forbidden', 'An author may change only the own posts.');
}

/** @throws BroadsheetError `forbidden` for an author who has no profile: the post would be nobody's to change. */
export function requireOwnAuthor(author: string | undefined, own: string): void {
  if (own === '')
    throw new BroadsheetError(
      'forbidden',
      'The token has the role author but no author: make it as a user who has one.',
    );
  if (author !== undefined && author !== own)
    throw new BroadsheetError('forbidden', 'An author may write only under the own name.');
}

/** The author whose posts are all that the principal works on; null when it works on everybody's. */
export function confinedTo(principal: Principal): string | null {
  return principal.role === 'author' ? (principal.authorSlug ?? '') : null;
}

function isOwnOrAny(post: PostSummary, principal: Principal): boolean {
  const own = confinedTo(principal);
  return own === null || own === post.author.slug;
}
