/**
 * The registry of coded errors: everything that a user can be told, in one place.
 *
 * `docs/errors.md` documents each code and a test holds the two to each other, in both directions.
 * This module imports nothing, so every layer may throw from it.
 */
export const errorCatalog = {
  bad_request: { status: 400, title: 'Bad request' },
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  invalid_query: { status: 400, title: 'A query parameter is not valid' },
  invalid_cursor: { status: 400, title: 'The cursor is not from this list' },
  unauthorized: { status: 401, title: 'Authentication is required' },
  forbidden: { status: 403, title: 'Not allowed' },
  cross_origin: { status: 403, title: 'Cross-origin request refused' },
  not_found: { status: 404, title: 'Not found' },
  post_not_found: { status: 404, title: 'Post not found' },
  tag_not_found: { status: 404, title: 'Tag not found' },
  author_not_found: { status: 404, title: 'Author not found' },
  revision_not_found: { status: 404, title: 'Revision not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  slug_taken: { status: 409, title: 'The slug is in use' },
  email_taken: { status: 409, title: 'The e-mail address is in use' },
  version_conflict: { status: 412, title: 'The post has changed since' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'Unsupported content type' },
  validation_failed: { status: 422, title: 'The input is not valid' },
  idempotency_mismatch: { status: 422, title: 'The idempotency key was used for another request' },
  too_many_attempts: { status: 429, title: 'Too many attempts' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
  database_unavailable: { status: 503, title: 'The database cannot be reached' },
  not_ready: { status: 503, title: 'Not ready' },
  storage_full: { status: 507, title: 'The storage is full' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof errorCatalog;

/** One thing that is wrong with the input. `path` is a JSON Pointer (RFC 6901) into the body, or a parameter's name. */
export interface InputProblem {
  path: string;
  message: string;
}

export interface BroadsheetErrorOptions extends ErrorOptions {
  errors?: InputProblem[];
  /** Response headers that belong to the error, such as `retry-after`. */
  headers?: Record<string, string>;
}

/**
 * An error that may be shown to the user: a code from the catalogue and a detail that says what to do.
 *
 * @example throw new BroadsheetError('post_not_found', 'There is no published post at this address.');
 */
export class BroadsheetError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly errors: InputProblem[] | undefined;
  readonly headers: Record<string, string>;

  constructor(code: ErrorCode, detail: string, options: BroadsheetErrorOptions = {}) {
    super(detail, options);
    this.name = 'BroadsheetError';
    this.code = code;
    this.status = errorCatalog[code].status;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }

  get title(): string {
    return errorCatalog[this.code].title;
  }
}

/**
 * A mistake of the operator: a bad setting, a database file that is none, a port in use.
 * Its message names what is wrong and how to mend it; the program prints that one line and exits.
 */
export class OperatorError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OperatorError';
  }
}
