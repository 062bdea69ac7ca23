/** What a page says after a form was sent and the browser was led on: a word in the address, never its text. */
const messages: Readonly<Record<string, string>> = {
  created: 'The post is saved.',
  saved: 'Your changes are saved.',
  published: 'The post is published.',
  unpublished: 'The post is a draft again; readers no longer see it.',
  deleted: 'The post is deleted.',
  restored: 'The revision is restored, as a new version.',
  revoked: 'The token is revoked. It no longer works.',
  'user-created': 'The user can log in now.',
  'user-removed': 'The user is removed. Posts and author profile stay.',
  'role-changed': 'The role is changed.',
  'password-reset': 'The password is changed, and the user is logged out everywhere.',
  'password-changed': 'Your password is changed. Other devices are logged out.',
  renamed: 'Your name is changed.',
  'logged-out': 'You are logged out.',
};

export type DoneWord = keyof typeof messages & string;

export function doneMessage(query: unknown): string | null {
  const word = typeof query === 'object' && query !== null && 'done' in query ? query.done : undefined;
  return typeof word === 'string' && Object.hasOwn(messages, word) ? (messages[word] ?? null) : null;
}
