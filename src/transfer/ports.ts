/** What import and export ask of the rest of the program; the services of src/blog fit these as they are. */
import type { ImportedPost, ImportOutcome, Post } from '../blog/posts/post.ts';
import type { Notice } from './report.ts';

export interface ImportTarget {
  /** Writes the items in one transaction; an item that fails leaves nothing behind. Outcomes in the order of the items. */
  importBatch(items: ImportedPost[]): Promise<ImportOutcome[]>;
  /** Tells what `importBatch` would do, and writes nothing. */
  previewImport(items: ImportedPost[]): Promise<ImportOutcome[]>;
}

export interface ImportOptions {
  /** Write nothing; the report tells what would happen. */
  dryRun?: boolean;
  /** `total` is undefined as long as it is not known. */
  onProgress?: (done: number, total: number | undefined) => void;
  /** Called for each notice as it arises; the report has them all again. */
  onNotice?: (notice: Notice) => void;
  /** The current time: a post dated later is scheduled. */
  now?: Date;
}

export type ExportedPost = Post & { redirectFrom: string[]; source: string | null };

export interface ExportedTag {
  slug: string;
  name: string;
  description: string | null;
}

export interface ExportedAuthor {
  slug: string;
  name: string;
  bio: string | null;
  image: string | null;
  website: string | null;
}

export interface ExportSource {
  posts: { exportAll(): AsyncIterable<ExportedPost> };
  tags: { list(): Promise<ExportedTag[]> };
  authors: { list(): Promise<ExportedAuthor[]> };
}
