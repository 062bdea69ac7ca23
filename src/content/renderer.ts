/** What the rest of the program asks of content rendering; the work itself runs on worker threads. */
export interface ContentSource {
  content: string;
  format: 'markdown' | 'html';
}

export interface RenderedContent {
  /** Sanitized HTML, ready to be put into a page. */
  html: string;
  /** The words alone, for the full-text index. */
  text: string;
  /** Plain text made from the beginning of the content, at most 280 characters. */
  excerpt: string;
  /** At least 1. */
  readingMinutes: number;
}

export interface ContentRenderer {
  render(source: ContentSource): Promise<RenderedContent>;
  close(): Promise<void>;
}
