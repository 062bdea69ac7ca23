/** Posts from elsewhere: each stored whole or not at all, found again by its source, left alone when nothing changed. */
import type { ContentRenderer, RenderedContent } from '../../content/renderer.ts';
import { findBadText } from '../../content/text.ts';
import { BroadsheetError } from '../../errors.ts';
import { digestOf, importedState, isSameAs, ownIdOf } from './imported-state.ts';
import type { ImportedPost, ImportOutcome, Post } from './post.ts';
import type { PostRepository } from './repository/repository.ts';
import type { LoggedChange, PostUnit } from './repository/unit.ts';
import { type DefaultAuthor, storePost } from './store.ts';

export interface PostImporterOptions {
  repository: PostRepository;
  renderer: ContentRenderer;
  defaultAuthor: DefaultAuthor;
}

type Prepared = { item: ImportedPost; rendered: RenderedContent } | { outcome: ImportOutcome };

export class PostImporter {
  readonly #repository: PostRepository;
  readonly #renderer: ContentRenderer;
  readonly #defaultAuthor: DefaultAuthor;

  constructor({ repository, renderer, defaultAuthor }: PostImporterOptions) {
    this.#repository = repository;
    this.#renderer = renderer;
    this.#defaultAuthor = defaultAuthor;
  }

  /** Renders side by side, then writes in order: the first of two posts with one title gets the plain slug. */
  async import(items: ImportedPost[]): Promise<{ outcomes: ImportOutcome[]; changes: LoggedChange[] }> {
    const prepared = await Promise.all(items.map((item) => guarded(item, () => this.#prepare(item))));
    const changes: LoggedChange[] = [];
    const outcomes = await Promise.all(
      prepared.map((entry) => {
        if ('outcome' in entry) return entry.outcome;
        const { item, rendered } = entry;
        return guardedOutcome(item, async () => {
          const written = await this.#repository.write((unit) => this.#store(unit, item, rendered));
          changes.push(...written.changes);
          return written.result;
        });
      }),
    );
    return { outcomes, changes };
  }

  /** What import would do, without doing it. Slugs of new posts are those wished for. */
  preview(items: ImportedPost[]): Promise<ImportOutcome[]> {
    return Promise.all(
      items.map((item) =>
        guardedOutcome(item, async () => {
          refuseBadText(item);
          const before = await this.#findBefore(item);
          const result = before ? 'updated' : 'created';
          if (before && (await this.#isUnchanged(before, item)))
            return { source: item.source, result: 'unchanged', slug: before.slug };
          return {
            source: item.source,
            result,
            slug: before?.slug ?? importedState(item, null, now()).slug.slug,
          };
        }),
      ),
    );
  }

  async #prepare(item: ImportedPost): Promise<Prepared> {
    refuseBadText(item);
    const before = await this.#findBefore(item);
    if (before && (await this.#isUnchanged(before, item))) {
      return { outcome: { source: item.source, result: 'unchanged', slug: before.slug } };
    }
    return { item, rendered: await this.#renderer.render(item) };
  }

  async #store(unit: PostUnit, item: ImportedPost, rendered: RenderedContent): Promise<ImportOutcome> {
    const ownId = ownIdOf(item);
    const before = ownId === null ? await unit.findBySource(item.source) : await unit.findById(ownId);
    const state = importedState(item, before, now());
    const { redirectFrom } = item;
    const post = await storePost(unit, {
      before,
      state,
      rendered,
      defaultAuthor: this.#defaultAuthor,
      redirectFrom,
    });
    return { source: item.source, result: before ? 'updated' : 'created', slug: post.slug };
  }

  #findBefore(item: ImportedPost): Promise<Post | null> {
    const ownId = ownIdOf(item);
    return ownId === null ? this.#repository.findBySource(item.source) : this.#repository.findById(ownId);
  }

  async #isUnchanged(before: Post, item: ImportedPost): Promise<boolean> {
    if ((await this.#repository.sourceDigest(before.id)) === digestOf(item)) return true;
    const redirects = (await this.#repository.redirectsTo([before.id]))(before.id);
    const leadsHere = (path: string): boolean => path === `/${before.slug}/` || redirects.includes(path);
    return isSameAs(before, importedState(item, before, now())) && item.redirectFrom.every(leadsHere);
  }
}

async function guarded(item: ImportedPost, work: () => Promise<Prepared>): Promise<Prepared> {
  try {
    return await work();
  } catch (error) {
    return { outcome: { source: item.source, result: 'failed', reason: reasonOf(error) } };
  }
}

async function guardedOutcome(
  item: ImportedPost,
  work: () => Promise<ImportOutcome>,
): Promise<ImportOutcome> {
  try {
    return await work();
  } catch (error) {
    return { source: item.source, result: 'failed', reason: reasonOf(error) };
  }
}

/** A fault of the database stops the whole import; a fault of the item only that item. */
function reasonOf(error: unknown): string {
  if (error instanceof BroadsheetError && error.status < 500) return error.message;
  throw error;
}

function refuseBadText(item: ImportedPost): void {
  for (const [field, value] of Object.entries({
    title: item.title,
    content: item.content,
    excerpt: item.excerpt ?? '',
  })) {
    const problem = findBadText(value);
    if (problem !== null) throw new BroadsheetError('validation_failed', `The ${field} ${problem}.`);
  }
}

function now(): string {
  return new Date().toISOString();
}
