/** Checks what people type into the forms of users and tokens, and says what to change. */
import { BroadsheetError, type InputProblem } from '../errors.ts';
import { scopes } from './principal.ts';
import { roles } from './roles.ts';
import type { TokenCreate, UserCreate } from './user.ts';

const PASSWORD_MIN = 12;
const PASSWORD_MAX = 1000;
const NAME_MAX = 100;

/** The pattern that browsers use for `<input type=email>` (WHATWG HTML, 4.10.5.1.5), and a dot in the domain. */
const emailPattern =
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/i;

/** As it is stored and looked up. */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** @throws BroadsheetError `validation_failed` with a message for each field that is wrong */
export function checkUser(input: UserCreate): void {
  const email = normalizeEmail(input.email);
  refuse([
    ...problem(
      '/email',
      email.length <= 254 && emailPattern.test(email),
      'must be an e-mail address, such as name@example.com',
    ),
    ...nameProblems(input.name),
    ...passwordProblems('/password', input.password),
    ...problem('/role', roles.includes(input.role), `must be one of ${roles.join(', ')}`),
  ]);
}

/** @throws BroadsheetError `validation_failed` */
export function checkName(name: string): void {
  refuse(nameProblems(name));
}

/** @throws BroadsheetError `validation_failed` */
export function checkPassword(path: string, password: string): void {
  refuse(passwordProblems(path, password));
}

/** @throws BroadsheetError `validation_failed` */
export function checkToken(input: TokenCreate, now: string): void {
  const { expiresAt } = input;
  refuse([
    ...nameProblems(input.name),
    ...problem(
      '/role',
      input.role === undefined || roles.includes(input.role),
      `must be one of ${roles.join(', ')}`,
    ),
    ...problem(
      '/scopes',
      input.scopes === undefined ||
        (input.scopes.length > 0 && input.scopes.every((scope) => scopes.includes(scope))),
      `must have at least one of ${scopes.join(', ')}, and no other`,
    ),
    ...problem(
      '/expiresAt',
      expiresAt === undefined || (Number.isFinite(Date.parse(expiresAt)) && toInstant(expiresAt) > now),
      'must be a time in the future, such as 2030-01-31T12:00:00Z',
    ),
  ]);
}

/** Any notation of a time that JavaScript reads, as it is stored. */
export function toInstant(time: string): string {
  return new Date(time).toISOString();
}

function nameProblems(name: string): InputProblem[] {
  const length = Array.from(name.trim()).length;
  return [
    ...problem(
      '/name',
      length >= 1 && length <= NAME_MAX,
      `must have at least one character, and at most ${NAME_MAX}`,
    ),
    ...problem('/name', name.isWellFormed() && !/\p{Cc}/u.test(name), 'must not have control characters'),
  ];
}

/** A length and nothing else, as NIST SP 800-63B advises: rules about kinds of characters make passwords worse. */
function passwordProblems(path: string, password: string): InputProblem[] {
  const length = Array.from(password).length;
  return [
    ...problem(
      path,
      length >= PASSWORD_MIN,
      `must have at least ${PASSWORD_MIN} characters; a few unrelated words make a good one`,
    ),
    ...problem(path, length <= PASSWORD_MAX, `must have at most ${PASSWORD_MAX} characters`),
  ];
}

function problem(path: string, isRight: boolean, message: string): InputProblem[] {
  return isRight ? [] : [{ path, message }];
}

function refuse(errors: InputProblem[]): void {
  if (errors.length === 0) return;
  const fields = [...new Set(errors.map(({ path }) => path.slice(1)))].join(', ');
  throw new BroadsheetError('validation_failed', `Please correct: ${fields}.`, { errors });
}
