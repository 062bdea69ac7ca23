/** What must hold when several nodes do the same at once. */
import { expect, it } from 'vitest';
import { PasswordHasher } from '../../../src/identity/passwords.ts';
import { IdentityRepository } from '../../../src/identity/repository/index.ts';
import { IdentityService } from '../../../src/identity/service.ts';
import { openTestDatabase } from '../../support/database.ts';

const now = '2026-01-01T00:00:00.000Z';
const hasher = new PasswordHasher({ memory: 64, passes: 1, parallelism: 1 });

it('gives each of many nodes that start a set-up link, of which the last is good', async () => {
  const { setup } = new IdentityRepository(await openTestDatabase());
  const hashes = Array.from({ length: 8 }, (_, index) => `hash-${index}`);
  expect(await Promise.all(hashes.map((hash) => setup.begin(hash, now)))).toEqual(hashes.map(() => true));
  const valid = await Promise.all(hashes.map((hash) => setup.isValid(hash)));
  expect(valid.filter(Boolean)).toHaveLength(1);
});

it('keeps an owner when all owners step down at once', async () => {
  const repository = new IdentityRepository(await openTestDatabase());
  const identity = new IdentityService(repository, { mode: 'required', hasher });
  const emails = ['a@example.com', 'b@example.com', 'c@example.com'];
  for (const email of emails)
    await identity.createUser({
      email,
      name: 'Same Name',
      password: 'several unrelated words',
      role: 'owner',
    });
  const owners = await repository.users.list();
  const results = await Promise.allSettled(owners.map(({ id }) => repository.users.setRole(id, 'author')));
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  expect((await repository.users.list()).filter(({ role }) => role === 'owner')).toHaveLength(1);
});

it('gives users of one name who come at once profiles of their own', async () => {
  const repository = new IdentityRepository(await openTestDatabase());
  const create = (n: number) =>
    repository.users.create({
      email: `u${n}@example.com`,
      name: 'Same Name',
      passwordHash: 'x',
      role: 'author',
      author: undefined,
      now,
    });
  await Promise.all([1, 2, 3, 4, 5].map(create));
  const slugs = (await repository.users.list()).map(({ authorSlug }) => authorSlug);
  expect(slugs.toSorted()).toEqual(['same-name', 'same-name-2', 'same-name-3', 'same-name-4', 'same-name-5']);
});
