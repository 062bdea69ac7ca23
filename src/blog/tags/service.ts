import { BroadsheetError } from '../../errors.ts';
import { dependOn } from '../reads.ts';
import type { TagRepository } from './repository.ts';
import type { Tag } from './schemas.ts';

export class TagService {
  readonly #repository: TagRepository;

  constructor(repository: TagRepository) {
    this.#repository = repository;
  }

  /** Tags that published posts have, by name, with how many posts. */
  list(): Promise<Tag[]> {
    dependOn('tags');
    return this.#repository.list();
  }

  /** @throws BroadsheetError `tag_not_found`, also for a tag of drafts only: it would tell of them. */
  async find(slug: string): Promise<Tag> {
    dependOn(`tag:${slug}`);
    const tag = await this.#repository.find(slug);
    if (!tag || tag.posts === 0)
      throw new BroadsheetError('tag_not_found', 'No published post has this tag. All tags are at /tags.');
    return tag;
  }
}
