/** A blog in memory that keeps the import contract, for tests of what is around it. */
import type { ImportedPost, ImportOutcome } from '../../../src/blog/posts/post.ts';
import type { ImportTarget } from '../../../src/transfer/ports.ts';

export class MemoryBlog implements ImportTarget {
  readonly posts = new Map<string, ImportedPost>();
  readonly batches: number[] = [];

  async importBatch(items: ImportedPost[]): Promise<ImportOutcome[]> {
    this.batches.push(items.length);
    const outcomes = await this.previewImport(items);
    for (const [index, item] of items.entries()) {
      if (outcomes[index]?.result !== 'failed') this.posts.set(item.source, structuredClone(item));
    }
    return outcomes;
  }

  async previewImport(items: ImportedPost[]): Promise<ImportOutcome[]> {
    return items.map((item) => {
      const { source, slug = 'untitled' } = item;
      if (slug === 'refused') return { source, result: 'failed', reason: 'refused by the blog' };
      const known = this.posts.get(source);
      if (!known) return { source, result: 'created', slug };
      const isSame = JSON.stringify(known) === JSON.stringify(item);
      return { source, result: isSame ? 'unchanged' : 'updated', slug };
    });
  }
}
