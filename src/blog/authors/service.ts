import { BroadsheetError } from '../../errors.ts';
import { dependOn } from '../reads.ts';
import type { AuthorRepository } from './repository.ts';
import type { Author } from './schemas.ts';

export class AuthorService {
  readonly #repository: AuthorRepository;

  constructor(repository: AuthorRepository) {
    this.#repository = repository;
  }

  /** Authors of published posts, by name, with how many posts. */
  list(): Promise<Author[]> {
    dependOn('authors');
    return this.#repository.list();
  }

  /** @throws BroadsheetError `author_not_found`, also for an author of drafts only: it would tell of them. */
  async find(slug: string): Promise<Author> {
    dependOn(`author:${slug}`);
    const author = await this.#repository.find(slug);
    if (!author || author.posts === 0) {
      throw new BroadsheetError(
        'author_not_found',
        'No published post is by this author. All authors are at /authors.',
      );
    }
    return author;
  }
}
