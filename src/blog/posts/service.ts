/** Posts: what may be done with them, by whom, and what follows. */
import { v7 as uuidv7 } from 'uuid';
import type { ContentRenderer } from '../../content/renderer.ts';
import { BroadsheetError } from '../../errors.ts';
import { type Principal, system } from '../../identity/principal.ts';
import { dependOn } from '../reads.ts';
import {
  confinedTo,
  isVisible,
  postNotFound,
  requireEditorOf,
  requireOwnAuthor,
  requireWriter,
} from './access.ts';
import type { EarlierPosts } from './earlier.ts';
import { PostImporter } from './importer.ts';
import { parseCreate, parsePatch, toNamedRef } from './input.ts';
import { PostLists } from './lists.ts';
import type { ImportedPost, ImportOutcome, NamedRef, Post, PostPage, PostSummary } from './post.ts';
import type { PostRepository } from './repository/repository.ts';
import type { LoggedChange, PostUnit } from './repository/unit.ts';
import type { RevisionInfo } from './revision.ts';
import type { PostCreate, PostListQuery, PostPatch, PostType } from './schemas.ts';
import { newState, patchedState, replacement } from './state.ts';
import {
  type DefaultAuthor,
  pathOf,
  publishScheduled,
  removePost,
  requireVersion,
  storePost,
} from './store.ts';

export interface UpdateOptions {
  /** Only when the post is at one of these versions; `version_conflict` otherwise. */
  ifVersion?: readonly number[] | undefined;
}

/** A request that may be repeated: the same key with the same digest gets the first answer. */
export interface IdempotentRequest {
  key: string;
  digest: string;
}

export interface PostServiceOptions {
  repository: PostRepository;
  renderer: ContentRenderer;
  defaultAuthor: DefaultAuthor;
  /** Called after changes were committed and before they are acknowledged. */
  onChange?: (changes: LoggedChange[]) => Promise<void>;
}

/** How often an update starts over when others change the same post meanwhile. */
const maxAttempts = 5;

export class PostService {
  readonly #repository: PostRepository;
  readonly #renderer: ContentRenderer;
  readonly #defaultAuthor: DefaultAuthor;
  readonly #onChange: (changes: LoggedChange[]) => Promise<void>;
  readonly #lists: PostLists;
  readonly #importer: PostImporter;

  constructor({ repository, renderer, defaultAuthor, onChange = async () => {} }: PostServiceOptions) {
    this.#repository = repository;
    this.#renderer = renderer;
    this.#defaultAuthor = defaultAuthor;
    this.#onChange = onChange;
    this.#lists = new PostLists(repository);
    this.#importer = new PostImporter({ repository, renderer, defaultAuthor });
  }

  /**
   * A page of posts: published ones, newest first, unless the query says otherwise.
   *
   * @throws BroadsheetError `invalid_cursor`; `forbidden` for other than published posts without `posts:read`
   */
  list(query: PostListQuery = {}, viewer: Principal = system): Promise<PostPage<PostSummary | Post>> {
    return this.#lists.list(query, viewer);
  }

  /** @throws BroadsheetError `post_not_found`, with the same words for what is hidden and what never was. */
  async find(idOrSlug: string, viewer: Principal = system): Promise<Post> {
    const post = await this.#lookUp(idOrSlug);
    if (!post || !isVisible(post, viewer)) {
      // Whether nothing is there or a draft, the answer depends on the same.
      dependOn(`slug:${idOrSlug}`, `post:${idOrSlug}`);
      throw postNotFound();
    }
    dependOn(`post:${post.id}`);
    return post;
  }

  /**
   * @example await blog.posts.create({ title: 'Hello', content: '# Hi', tags: ['first'] });
   * @throws BroadsheetError `validation_failed`, `slug_taken`, `unauthorized`, `forbidden`
   */
  async create(input: PostCreate, actor: Principal = system): Promise<Post> {
    requireWriter(actor);
    const state = this.#newState(input, actor);
    const rendered = await this.#renderer.render(state);
    return this.#write((unit) =>
      storePost(unit, { before: null, state, rendered, defaultAuthor: this.#defaultAuthor }),
    );
  }

  /**
   * Like create, once for each key: a repetition gets the first answer and creates nothing.
   * The key is stored in the transaction that stores the post, so a crash can't come between them.
   *
   * @throws BroadsheetError `idempotency_mismatch` when the key was used for another request
   */
  async createOnce(
    input: PostCreate,
    request: IdempotentRequest,
    actor: Principal,
  ): Promise<{ post: Post; isRepeated: boolean }> {
    requireWriter(actor);
    const known = await this.#rememberedPost(request);
    if (known) return { post: known, isRepeated: true };
    const state = this.#newState(input, actor);
    const rendered = await this.#renderer.render(state);
    try {
      const post = await this.#write(async (unit) => {
        const stored = await storePost(unit, {
          before: null,
          state,
          rendered,
          defaultAuthor: this.#defaultAuthor,
        });
        await unit.rememberAnswer(request.key, request.digest, JSON.stringify(stored), stored.createdAt);
        return stored;
      });
      return { post, isRepeated: false };
    } catch (error) {
      // Two requests with one key at the same time: the other one was first.
      const first = await this.#rememberedPost(request);
      if (first) return { post: first, isRepeated: true };
      throw error;
    }
  }

  /** Changes the fields that the patch names. @throws BroadsheetError `post_not_found`, `version_conflict`, and as create */
  update(
    id: string,
    patch: PostPatch,
    options: UpdateOptions = {},
    actor: Principal = system,
  ): Promise<Post> {
    return this.#change(id, parsePatch(patch), options, actor);
  }

  /** Changes all fields: what the input doesn't name goes back to its default. Errors as update. */
  replace(
    id: string,
    input: PostCreate,
    options: UpdateOptions = {},
    actor: Principal = system,
  ): Promise<Post> {
    return this.#change(id, replacement(parseCreate(input)), options, actor);
  }

  async delete(id: string, options: UpdateOptions = {}, actor: Principal = system): Promise<void> {
    requireWriter(actor);
    await this.#write(async (unit) => {
      const post = await unit.findById(id);
      if (!post) throw postNotFound();
      requireEditorOf(post, actor);
      requireVersion(post, options.ifVersion);
      await removePost(unit, post, new Date().toISOString());
    });
  }

  /** Newest first; the first of them is how the post is now. */
  async revisions(id: string, actor: Principal = system): Promise<RevisionInfo[]> {
    await this.#findForEditing(id, actor);
    return this.#repository.revisions(id);
  }

  /** Brings back the text, tags and images of a version, as a new version. @throws BroadsheetError `revision_not_found` */
  async restoreRevision(
    id: string,
    version: number,
    options: UpdateOptions = {},
    actor: Principal = system,
  ): Promise<Post> {
    await this.#findForEditing(id, actor);
    const snapshot = await this.#repository.revisionSnapshot(id, version);
    if (snapshot === null) {
      throw new BroadsheetError(
        'revision_not_found',
        'The post has no such version. Its revisions are at /posts/{id}/revisions.',
      );
    }
    return this.#change(id, parsePatch(JSON.parse(snapshot)), options, actor);
  }

  /** Where an old path leads now, such as `/old-slug/` to `/new-slug/`; null for a path that never was. */
  async resolveRedirect(path: string): Promise<string | null> {
    // Not the post that it leads to, as long as that is hidden: who may not see it learns nothing of it.
    dependOn(`path:${path}`);
    const redirect = await this.#repository.redirect(path);
    if (!redirect) return null;
    if (redirect.slug === null) return redirect.target;
    dependOn(`post:${redirect.postId}`);
    return pathOf(redirect.slug);
  }

  archive(): Promise<{ year: number; months: { month: number; total: number }[] }[]> {
    return this.#lists.archive();
  }

  /** The published posts right before this one, for "read on". */
  earlier(post: Post): Promise<EarlierPosts> {
    return this.#lists.earlier(post);
  }

  /** Published pages, oldest first, for menus. */
  navigation(limit: number): Promise<{ title: string; slug: string }[]> {
    return this.#lists.navigation(limit);
  }

  /** Published posts and pages, oldest first. */
  sitemapEntries(): AsyncIterable<{ slug: string; type: PostType; updatedAt: string }> {
    return this.#lists.sitemapEntries();
  }

  /** Every post whatever its status, with what an import needs to make it again. */
  exportAll(): AsyncIterable<Post & { redirectFrom: string[]; source: string | null }> {
    return this.#lists.exportAll();
  }

  /** Stores posts of another system; each whole or not at all. Importing the same again changes nothing. */
  async importBatch(items: ImportedPost[]): Promise<ImportOutcome[]> {
    const { outcomes, changes } = await this.#importer.import(items);
    await this.#onChange(changes);
    return outcomes;
  }

  /** What importBatch would do. */
  previewImport(items: ImportedPost[]): Promise<ImportOutcome[]> {
    return this.#importer.preview(items);
  }

  /** Makes a scheduled post public, if its time has come by `now` (RFC 3339 UTC). Doing it again changes nothing. */
  async publish(id: string, now: string): Promise<void> {
    await this.#write((unit) => publishScheduled(unit, id, now));
  }

  /** Scheduled posts whose time is up to `instant` (RFC 3339 UTC), the first thousand. */
  async scheduledUntil(instant: string): Promise<{ id: string; publishedAt: string }[]> {
    const posts = await this.#repository.scheduled(1000);
    return posts.filter(({ publishedAt }) => publishedAt <= instant);
  }

  #newState(input: unknown, actor: Principal) {
    const post = parseCreate(input);
    const own = confinedTo(actor);
    if (own !== null) requireOwnAuthor(slugOf(post.author), own);
    const author = actor.authorSlug === null ? null : { slug: actor.authorSlug, name: actor.name };
    return newState(post, uuidv7(), author, new Date().toISOString());
  }

  async #change(id: string, patch: PostPatch, options: UpdateOptions, actor: Principal): Promise<Post> {
    requireWriter(actor);
    const own = confinedTo(actor);
    if (own !== null && patch.author !== undefined) requireOwnAuthor(slugOf(patch.author), own);
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const current = await this.#findForEditing(id, actor);
      requireVersion(current, options.ifVersion);
      const changed = await this.#tryChange(current, patch);
      if (changed) return changed;
    }
    throw new BroadsheetError(
      'version_conflict',
      'Others are changing this post at the same time. Read it again and retry.',
    );
  }

  /** Null when somebody else has changed the post since it was read. */
  async #tryChange(current: Post, patch: PostPatch): Promise<Post | null> {
    const state = patchedState(current, patch, new Date().toISOString());
    const rendered = await this.#renderer.render(state);
    return this.#write(async (unit) => {
      const before = await unit.findById(current.id);
      if (!before) throw postNotFound();
      if (before.version !== current.version) return null;
      return storePost(unit, { before, state, rendered, defaultAuthor: this.#defaultAuthor });
    });
  }

  async #findForEditing(id: string, actor: Principal): Promise<Post> {
    requireWriter(actor);
    const post = await this.#repository.findById(id);
    if (!post) throw postNotFound();
    requireEditorOf(post, actor);
    return post;
  }

  async #lookUp(idOrSlug: string): Promise<Post | null> {
    return (await this.#repository.findById(idOrSlug)) ?? (await this.#repository.findBySlug(idOrSlug));
  }

  async #rememberedPost({ key, digest }: IdempotentRequest): Promise<Post | null> {
    const remembered = await this.#repository.rememberedAnswer(key);
    if (!remembered) return null;
    if (remembered.requestDigest !== digest) {
      throw new BroadsheetError(
        'idempotency_mismatch',
        'This Idempotency-Key came with another request before. Use a new key for each new request.',
      );
    }
    return JSON.parse(remembered.answer);
  }

  async #write<T>(work: (unit: PostUnit) => Promise<T>): Promise<T> {
    const { result, changes } = await this.#repository.write(work);
    await this.#onChange(changes);
    return result;
  }
}

function slugOf(author: string | NamedRef | undefined): string | undefined {
  return author === undefined ? undefined : toNamedRef(author).slug;
}
