/** The cookie that carries a session of the admin page (RFC 6265bis). */
import { parseCookie, stringifySetCookie } from 'cookie';

/** The prefix makes browsers refuse the cookie unless this very host set it over https. */
const SECURE_NAME = '__Host-broadsheet_session';
const PLAIN_NAME = 'broadsheet_session';

const cookieName = (secure: boolean) => (secure ? SECURE_NAME : PLAIN_NAME);

export function readSessionCookie(header: string | undefined, secure: boolean): string | undefined {
  return header === undefined ? undefined : parseCookie(header)[cookieName(secure)];
}

/** @returns the value of a `Set-Cookie` header; an empty secret with an age of 0 takes the cookie away */
export function sessionCookie(secret: string, secure: boolean, maxAgeSeconds: number): string {
  return stringifySetCookie({
    name: cookieName(secure),
    value: secret,
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure,
    maxAge: maxAgeSeconds,
  });
}
