/** How long a session lasts: it slides while it is used, up to a limit. */
const DAY_MS = 86_400_000;
const IDLE_MS = 14 * DAY_MS;
const LIMIT_MS = 90 * DAY_MS;

/** The browser may keep the cookie up to the limit; the table decides whether it still holds. */
export const COOKIE_MAX_AGE_SECONDS = LIMIT_MS / 1000;

/** @param now milliseconds since the epoch @returns RFC 3339 UTC */
export function firstExpiry(now: number): string {
  return new Date(now + IDLE_MS).toISOString();
}

/** The expiry that a session in use should get; undefined when it is not a day later than what it has. */
export function extendedExpiry(
  session: { createdAt: string; expiresAt: string },
  now: number,
): string | undefined {
  const wanted = Math.min(now + IDLE_MS, Date.parse(session.createdAt) + LIMIT_MS);
  return wanted - Date.parse(session.expiresAt) >= DAY_MS ? new Date(wanted).toISOString() : undefined;
}
