/** Passwords as argon2id hashes in the PHC string format, computed on the thread pool. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { BroadsheetError } from '../errors.ts';

/** Memory in KiB, passes, and lanes. */
export interface PasswordCost {
  memory: number;
  passes: number;
  parallelism: number;
}

/** As OWASP's Password Storage Cheat Sheet recommends: 19 MiB, 2 passes, 1 lane. */
export const defaultCost: PasswordCost = { memory: 19_456, passes: 2, parallelism: 1 };

export interface PasswordCheck {
  matches: boolean;
  /** The stored hash was made at another cost: hash the password again while it is known. */
  outdated: boolean;
}

interface StoredPassword {
  cost: PasswordCost;
  salt: Buffer;
  hash: Buffer;
}

const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Hashes at a time, and hashes that wait: bounds memory, and leaves threads of the pool to everybody else. */
const MAX_RUNNING = 2;
const MAX_WAITING = 32;

const phcPattern =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

export class PasswordHasher {
  readonly #cost: PasswordCost;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(cost: PasswordCost = defaultCost) {
    this.#cost = cost;
  }

  /**
   * @returns a PHC string such as `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`
   * @throws BroadsheetError `too_many_attempts` when too many wait already
   */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    return formatPhc({ cost: this.#cost, salt, hash: await this.#derive(password, this.#cost, salt) });
  }

  /**
   * Compares in constant time. Without a stored hash it takes as long, and never matches, so that the time
   * doesn't tell whether an account exists.
   * @throws BroadsheetError `too_many_attempts` when too many wait already
   */
  async verify(password: string, stored: string | undefined): Promise<PasswordCheck> {
    const parsed = stored === undefined ? undefined : parsePhc(stored);
    const { cost, salt, hash } = parsed ?? {
      cost: this.#cost,
      salt: Buffer.alloc(SALT_BYTES),
      hash: Buffer.alloc(HASH_BYTES),
    };
    const derived = await this.#derive(password, cost, salt, hash.length);
    const matches = timingSafeEqual(derived, hash) && parsed !== undefined;
    return { matches, outdated: matches && !sameCost(cost, this.#cost) };
  }

  async #derive(
    password: string,
    cost: PasswordCost,
    salt: Buffer,
    tagLength: number = HASH_BYTES,
  ): Promise<Buffer> {
    await this.#enter();
    try {
      return await new Promise((resolve, reject) => {
        // The same characters may be typed as different code points on different keyboards (NIST SP 800-63B, 3.1.1.2).
        const message = password.normalize('NFKC');
        argon2('argon2id', { message, nonce: salt, tagLength, ...cost }, (error, derived) => {
          if (error) reject(error);
          else resolve(derived);
        });
      });
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < MAX_RUNNING) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= MAX_WAITING) {
      throw new BroadsheetError(
        'too_many_attempts',
        'Too many log-ins at once. Try again in a few seconds.',
        {
          headers: { 'retry-after': '2' },
        },
      );
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Hands the place to the next that waits. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running -= 1;
  }
}

function sameCost(left: PasswordCost, right: PasswordCost): boolean {
  return (
    left.memory === right.memory && left.passes === right.passes && left.parallelism === right.parallelism
  );
}

function formatPhc({ cost, salt, hash }: StoredPassword): string {
  const base64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${base64(salt)}$${base64(hash)}`;
}

function parsePhc(text: string): StoredPassword | undefined {
  const [, memory, passes, parallelism, salt, hash] = phcPattern.exec(text) ?? [];
  if (salt === undefined || hash === undefined) return undefined;
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}
