/** Content rendering on worker threads, so that no post keeps the event loop from its readers. */
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import pLimit from 'p-limit';
import { Piscina } from 'piscina';
import { BroadsheetError } from '../errors.ts';
import type { ContentRenderer, ContentSource, RenderedContent } from './renderer.ts';

export interface ContentRendererOptions {
  /** Most threads at a time; by default one a core, at most 4. */
  threads?: number;
  /** How long one post may take, in milliseconds, not counting the wait for a thread. */
  deadline?: number;
  /** MiB of heap that a thread may have; one that needs more is ended, rather than the process. */
  largestHeap?: number;
}

/** Threads end after this many idle milliseconds: a blog that is only read keeps none. */
const idleTimeout = 10_000;

/**
 * Makes the renderer. No thread starts before the first render.
 *
 * @example
 * const renderer = createContentRenderer();
 * const { html } = await renderer.render({ content: '# Hello', format: 'markdown' });
 * await renderer.close();
 * @throws BroadsheetError `validation_failed` from `render`, when a post takes too long or too much memory
 */
export function createContentRenderer(options: ContentRendererOptions = {}): ContentRenderer {
  const { threads = Math.min(4, availableParallelism()), deadline = 10_000, largestHeap = 512 } = options;
  // The pool's own queue would count waiting as time that a post takes, so no more is given to it than it has threads.
  const limit = pLimit(threads);
  let pool: Piscina<ContentSource, RenderedContent> | null = null;
  let isClosed = false;

  const run = async (source: ContentSource): Promise<RenderedContent> => {
    if (isClosed) throw new Error('The content renderer is closed.');
    pool ??= startPool(threads, largestHeap);
    const signal = AbortSignal.timeout(deadline);
    try {
      return await pool.run(source, { name: 'renderContent', signal });
    } catch (error) {
      throw signal.aborted || isExhausted(error) ? tooComplex(deadline, error) : error;
    }
  };

  return {
    render: (source) => limit(run, source),
    async close() {
      isClosed = true;
      await pool?.close();
    },
  };
}

/** The file has this one's extension: `.ts` in a checkout, `.js` in the published package. */
function startPool(threads: number, largestHeap: number): Piscina<ContentSource, RenderedContent> {
  return new Piscina({
    filename: new URL(`./worker${extname(import.meta.url)}`, import.meta.url).href,
    minThreads: 0,
    maxThreads: threads,
    idleTimeout,
    resourceLimits: { maxOldGenerationSizeMb: largestHeap },
  });
}

/** Heap, stack, the length of a string, or the sanitizer's patience. */
function isExhausted(error: unknown): boolean {
  return (
    error instanceof RangeError ||
    (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
  );
}

function tooComplex(deadline: number, cause: unknown): BroadsheetError {
  const message = `takes more than ${deadline / 1000} seconds or too much memory to render; make it shorter or close its tags where they were opened`;
  return new BroadsheetError('validation_failed', `The content ${message}.`, {
    errors: [{ path: '/content', message }],
    cause,
  });
}
