/** Random changes of a blog against a naive model in memory, and against what the change log says of them. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ImportedPost, Post } from '../../src/blog/posts/post.ts';
import type { PostPatch } from '../../src/blog/posts/schemas.ts';
import { BroadsheetError } from '../../src/errors.ts';
import { createBlog, type TestBlog } from '../support/blog.ts';
import { publishDue } from '../support/publish.ts';
import { authorSlugs, type Observation, observe, tagSlugs, words } from './observables.ts';

let blog: TestBlog;
beforeAll(async () => {
  blog = await createBlog();
});
afterAll(() => blog.close());

const times = [
  '2020-01-01T00:00:00.000Z',
  '2020-01-02T00:00:00.000Z',
  '2020-02-01T00:00:00.000Z',
  '2099-01-01T00:00:00.000Z',
];
const text = fc.constantFrom(...words, words.join(' '), 'nothing');
const tags = fc.uniqueArray(fc.constantFrom(...tagSlugs), { maxLength: 3 });
const fields = {
  title: text,
  content: text,
  tags,
  author: fc.constantFrom(...authorSlugs),
  status: fc.constantFrom('draft' as const, 'published' as const),
  publishedAt: fc.constantFrom(...times),
  type: fc.constantFrom('post' as const, 'post' as const, 'page' as const),
  slug: fc.constantFrom('one', 'two', 'three'),
};
const patch = fc.record(fields, { requiredKeys: [] });
const input = fc.record(fields, { requiredKeys: ['title', 'content'] });
const which = fc.nat({ max: 20 });

type Command =
  | { kind: 'create'; input: { title: string; content: string } & PostPatch }
  | { kind: 'patch' | 'put'; which: number; input: { title?: string; content?: string } & PostPatch }
  | { kind: 'delete' | 'restore'; which: number }
  | { kind: 'publish' }
  | { kind: 'import'; source: string; input: { title: string; content: string } & PostPatch };

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('create' as const), input }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('patch' as const), which, input: patch }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('put' as const), which, input }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('delete' as const, 'restore' as const), which }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'publish' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('import' as const),
      source: fc.constantFrom('x:1', 'x:2'),
      input,
    }),
  },
);

it('keeps lists, totals, search, slugs, revisions and change log right through any changes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 3, maxLength: 14 }), async (commands) => {
      const model = await emptied();
      const slugs = new Set(['one', 'two', 'three', 'never']);
      let before = await observe(blog, slugs);
      for (const each of commands) {
        const sequence = await lastSequence();
        const changed = await perform(each, model);
        for (const { slug } of model.values()) slugs.add(slug);
        const after = await observe(blog, slugs);
        const log = await changesSince(sequence);
        expect(log.map(({ subject }) => subject).toSorted()).toEqual(changed.toSorted());
        expectNothingStale(before, after, new Set(log.flatMap((change) => change.tags)));
        await expectModel(model);
        before = after;
      }
    }),
    { numRuns: 40 },
  );
}, 240_000);

/** @returns an empty model of an empty blog */
async function emptied(): Promise<Map<string, Post>> {
  for await (const { id } of blog.posts.exportAll()) await blog.posts.delete(id);
  return new Map();
}

/** Does it, and notes in the model what should be. @returns the ids of what should have changed */
async function perform(command: Command, model: Map<string, Post>): Promise<string[]> {
  if (command.kind === 'publish') {
    const due = [...model.values()].filter((post) => post.status === 'scheduled');
    await publishDue(blog, '2100-01-01T00:00:00.000Z');
    for (const { id } of due) model.set(id, await blog.posts.find(id));
    return due.map(({ id }) => id);
  }
  if (command.kind === 'import') return importOne(command, model);
  if (command.kind === 'create') return noted(model, () => blog.posts.create(command.input));
  const post = [...model.values()][command.which % Math.max(1, model.size)];
  if (!post) return [];
  switch (command.kind) {
    case 'delete':
      await blog.posts.delete(post.id);
      model.delete(post.id);
      return [post.id];
    case 'restore':
      return noted(model, () => blog.posts.restoreRevision(post.id, 1));
    case 'patch':
      if (Object.keys(command.input).length === 0) return [];
      return noted(model, () => blog.posts.update(post.id, command.input));
    case 'put': {
      const { title = '', content = '' } = command.input;
      return noted(model, () => blog.posts.replace(post.id, { ...command.input, title, content }));
    }
  }
}

async function noted(model: Map<string, Post>, work: () => Promise<Post>): Promise<string[]> {
  try {
    const post = await work();
    model.set(post.id, post);
    return [post.id];
  } catch (error) {
    // Nothing happens to a post that wants a slug that another one has.
    if (error instanceof BroadsheetError && error.code === 'slug_taken') return [];
    throw error;
  }
}

async function importOne(
  { source, input }: Command & { kind: 'import' },
  model: Map<string, Post>,
): Promise<string[]> {
  const { status = 'published', type = 'post', publishedAt, slug } = input;
  const item: ImportedPost = {
    source,
    type,
    status,
    title: input.title,
    content: input.content,
    format: 'markdown',
    tags: (input.tags ?? []).map((name) => ({ name: String(name) })),
    author: { name: String(input.author ?? 'ann') },
    redirectFrom: [],
    ...(publishedAt ? { publishedAt } : {}),
    ...(slug === undefined ? {} : { slug }),
  };
  const [outcome] = await blog.posts.importBatch([item]);
  const again = await blog.posts.importBatch([item]);
  expect(again).toMatchObject([{ result: 'unchanged' }]);
  if (!outcome || outcome.result === 'failed') throw new Error(JSON.stringify(outcome));
  const post = await blog.posts.find(outcome.slug);
  model.set(post.id, post);
  return outcome.result === 'unchanged' ? [] : [post.id];
}

async function lastSequence(): Promise<number> {
  const row = await blog.database.reader
    .selectFrom('changes')
    .select(({ fn }) => fn.max('sequence').as('last'))
    .executeTakeFirst();
  return Number(row?.last ?? 0);
}

async function changesSince(sequence: number): Promise<{ subject: string; tags: string[] }[]> {
  const rows = await blog.database.reader
    .selectFrom('changes')
    .select(['subject_id', 'tags'])
    .where('sequence', '>', sequence)
    .execute();
  return rows.map((row) => ({ subject: row.subject_id, tags: JSON.parse(row.tags) }));
}

/** What a reader gets now, other than before, must have been made from something that the change log names. */
function expectNothingStale(
  before: Map<string, Observation>,
  after: Map<string, Observation>,
  touched: ReadonlySet<string>,
): void {
  for (const [name, { value, tags: madeFrom }] of before) {
    if (after.get(name)?.value === value) continue;
    const shared = madeFrom.intersection(touched);
    expect([name, [...madeFrom], [...touched], shared.size > 0]).toEqual([
      name,
      [...madeFrom],
      [...touched],
      true,
    ]);
  }
}

const ids = (posts: { id: string }[]) => posts.map(({ id }) => id);

async function expectModel(model: Map<string, Post>): Promise<void> {
  const all = [...model.values()].toSorted((left, right) => (sortKey(left) < sortKey(right) ? 1 : -1));
  const listed = all.filter((post) => post.type === 'post');
  const slugs = all.map((post) => post.slug);
  expect(new Set(slugs).size).toBe(slugs.length);
  for (const status of ['draft', 'scheduled', 'published', 'any'] as const) {
    const expected = listed.filter((post) => status === 'any' || post.status === status);
    await expectList({ status }, expected);
    for (const tag of tagSlugs)
      await expectList(
        { status, tag },
        expected.filter((post) => post.tags.some(({ slug }) => slug === tag)),
      );
    for (const author of authorSlugs)
      await expectList(
        { status, author },
        expected.filter((post) => post.author.slug === author),
      );
  }
  const published = listed.filter((post) => post.status === 'published');
  for (const q of words) {
    const { posts } = await blog.posts.list({ q, limit: 100 });
    const matching = published.filter((post) => `${post.title} ${post.content}`.includes(q));
    expect(ids(posts).toSorted()).toEqual(ids(matching).toSorted());
  }
  for (const post of all) expect(await blog.posts.revisions(post.id)).toHaveLength(post.version);
  const months = (await blog.posts.archive()).flatMap(({ months: each }) => each);
  expect(months.reduce((sum, { total }) => sum + total, 0)).toBe(published.length);
}

async function expectList(query: object, expected: Post[]): Promise<void> {
  const { posts, total } = await blog.posts.list({ ...query, limit: 100 });
  expect([query, total, ids(posts)]).toEqual([query, expected.length, ids(expected)]);
}

function sortKey(post: Post): string {
  return `${post.publishedAt ?? post.createdAt} ${post.id}`;
}
