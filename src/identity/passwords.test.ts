import { describe, expect, it } from 'vitest';
import { BroadsheetError } from '../errors.ts';
import { PasswordHasher } from './passwords.ts';

const cheap = { memory: 64, passes: 1, parallelism: 1 };
const hasher = new PasswordHasher(cheap);

describe('PasswordHasher', () => {
  it('verifies what it hashed, and nothing else', async () => {
    const stored = await hasher.hash('several unrelated words');
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(await hasher.verify('several unrelated words', stored)).toEqual({
      matches: true,
      outdated: false,
    });
    expect((await hasher.verify('several unrelated word', stored)).matches).toBe(false);
  });

  it('uses a fresh salt', async () => {
    expect(await hasher.hash('several unrelated words')).not.toBe(
      await hasher.hash('several unrelated words'),
    );
  });

  it('reads a hash of the reference implementation', async () => {
    // echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32, from the test vectors of the reference code.
    const stored = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await hasher.verify('password', stored)).toEqual({ matches: true, outdated: true });
  });

  it('takes different code points of the same characters for the same', async () => {
    const stored = await hasher.hash('cr\u00e8me br\u00fbl\u00e9e');
    expect((await hasher.verify('cre\u0300me bru\u0302le\u0301e', stored)).matches).toBe(true);
  });

  it.each([undefined, '', 'plain', '$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$'])(
    'never matches without a stored hash (%s)',
    async (stored) => {
      expect(await hasher.verify('', stored)).toEqual({ matches: false, outdated: false });
    },
  );

  it('refuses more work than it has room for, and goes on afterwards', async () => {
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => hasher.hash('many at once')));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ reason }) => reason instanceof BroadsheetError && reason.status === 429)).toBe(
      true,
    );
    expect(await hasher.hash('later')).toContain('$argon2id$');
  });
});
