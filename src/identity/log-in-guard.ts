/** Limits log-in attempts by account and by address. */
import { isIPv6 } from 'node:net';
import { BroadsheetError } from '../errors.ts';
import { AttemptLimiter } from './attempt-limiter.ts';
import { digest } from './secrets.ts';

/** Ten tries at once, then one a minute: 1,450 guesses a day, hopeless against twelve characters. */
const ACCOUNT_LIMIT = { burst: 10, refillSeconds: 60, maxKeys: 10_000 };
/** More, since an office or a mobile network shares an address. */
const ADDRESS_LIMIT = { burst: 30, refillSeconds: 60, maxKeys: 10_000 };

export class LogInGuard {
  readonly #accounts: AttemptLimiter;
  readonly #addresses: AttemptLimiter;

  /** @param now milliseconds, monotonic */
  constructor(now: () => number) {
    this.#accounts = new AttemptLimiter(ACCOUNT_LIMIT, now);
    this.#addresses = new AttemptLimiter(ADDRESS_LIMIT, now);
  }

  /**
   * Counts an attempt, runs it, and takes the count back when it was right.
   * An unknown account counts like a known one, so that the limit doesn't tell them apart.
   * @returns whether the attempt was right
   * @throws BroadsheetError `too_many_attempts` with `Retry-After`
   */
  async attempt(email: string, address: string, isRight: () => Promise<boolean>): Promise<boolean> {
    // Hashed, so that a long address in the form takes no more memory than a short one.
    const account = digest(email);
    const network = networkOf(address);
    refuse(this.#addresses.take(network));
    refuse(this.#accounts.take(account));
    const right = await isRight();
    if (right) {
      this.#addresses.giveBack(network);
      this.#accounts.giveBack(account);
    }
    return right;
  }
}

function refuse(seconds: number): void {
  if (seconds === 0) return;
  throw new BroadsheetError(
    'too_many_attempts',
    `Too many log-in attempts. Try again in ${seconds} seconds.`,
    {
      headers: { 'retry-after': String(seconds) },
    },
  );
}

/** One client gets a whole /64 of IPv6 (RFC 6177), so its addresses count as one. */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const groups = head.split(':').filter(Boolean);
  const last = tail?.split(':').filter(Boolean) ?? [];
  const zeros = tail === undefined ? 0 : 8 - groups.length - last.length;
  const full = [...groups, ...Array<string>(zeros).fill('0'), ...last];
  return full
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
