/**
 * The registry of coded errors: everything that a user can be told, in one place.
 *
 * `/docs/errors` shows it, and `docs/errors.md` has the same; a test holds the two to each other, in both directions.
 * This module imports nothing, so every layer may throw from it.
 */
export const errorCatalog = {
  bad_request: {
    status: 400,
    title: 'Bad request',
    advice:
      'The request is not well-formed HTTP, or a header has no valid form. The detail names the part; mend it and send the request again.',
  },
  malformed_json: {
    status: 400,
    title: 'The body is not valid JSON',
    advice: "The body can't be parsed: check for trailing commas, unescaped quotes, and that it is UTF-8.",
  },
  invalid_query: {
    status: 400,
    title: 'A query parameter is not valid',
    advice:
      "`errors` names each parameter and what it may be. Unknown parameters are refused, so that a misspelt one doesn't go unnoticed.",
  },
  invalid_cursor: {
    status: 400,
    title: 'The cursor is not from this list',
    advice:
      'A cursor belongs to the list that gave it as `next`: keep the same filters and sort, or leave `after` out to begin anew.',
  },
  unauthorized: {
    status: 401,
    title: 'Authentication is required',
    advice:
      'Send `Authorization: Bearer TOKEN` with a token from the admin page or from `broadsheet token create`. Expired and revoked tokens end here too.',
  },
  forbidden: {
    status: 403,
    title: 'Not allowed',
    advice:
      "The credentials are good, but their role or scopes don't allow this. Use a token with the scope that the detail names.",
  },
  cross_origin: {
    status: 403,
    title: 'Cross-origin request refused',
    advice:
      'A browser sent this with your session on behalf of another site. Open the page from the blog itself; programs use a token.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    advice: 'There is no such route. The API is described at `/docs`.',
  },
  post_not_found: {
    status: 404,
    title: 'Post not found',
    advice:
      'No post has this id or slug, or it is not published and you may not see it. Both are answered alike, so that nobody learns of drafts.',
  },
  tag_not_found: {
    status: 404,
    title: 'Tag not found',
    advice: 'No published post has this tag. `GET /tags` lists all.',
  },
  author_not_found: {
    status: 404,
    title: 'Author not found',
    advice: 'No published post is by this author. `GET /authors` lists all.',
  },
  revision_not_found: {
    status: 404,
    title: 'Revision not found',
    advice: 'The post has no such version. `GET /posts/{id}/revisions` lists those that it has.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    advice: 'The route exists, with other methods: see `Allow`.',
  },
  request_timeout: {
    status: 408,
    title: 'The request took too long to arrive',
    advice:
      'The request did not arrive within the time that the server waits. Send it faster, or in smaller parts.',
  },
  slug_taken: {
    status: 409,
    title: 'The slug is in use',
    advice: 'Another post has this slug. Choose another, or leave it out: then one is made from the title.',
  },
  email_taken: {
    status: 409,
    title: 'The e-mail address is in use',
    advice: 'There is a user with this e-mail address already.',
  },
  version_conflict: {
    status: 412,
    title: 'The post has changed since',
    advice:
      'Somebody changed the post after you read it. Read it again, merge your change, and send that with the new `ETag` in `If-Match`.',
  },
  body_too_large: {
    status: 413,
    title: 'The body is too large',
    advice: 'The body is larger than `MAX_BODY_KB`. Send less, or ask the operator to raise the setting.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported content type',
    advice: 'Send the body as `Content-Type: application/json`.',
  },
  validation_failed: {
    status: 422,
    title: 'The input is not valid',
    advice:
      '`errors` lists every field that has to be changed: a JSON Pointer into the body, and what to do.',
  },
  idempotency_mismatch: {
    status: 422,
    title: 'The idempotency key was used for another request',
    advice:
      'This `Idempotency-Key` came with another request before. Use a new key for each new request, and the same one only to repeat it.',
  },
  too_many_attempts: {
    status: 429,
    title: 'Too many attempts',
    advice: 'Wait as long as `Retry-After` says, in seconds.',
  },
  headers_too_large: {
    status: 431,
    title: 'The headers are too large',
    advice:
      'The headers are larger than 16 KiB together, often because of cookies. Send fewer or shorter ones.',
  },
  internal_error: {
    status: 500,
    title: 'Something went wrong on our side',
    advice:
      'A fault of this program. Nothing of your request was kept; the operator finds the reason in the log under the request id.',
  },
  database_unavailable: {
    status: 503,
    title: 'The database cannot be reached',
    advice:
      "The database can't be used at the moment. Nothing was changed; try again after `Retry-After` seconds.",
  },
  fill_timeout: {
    status: 503,
    title: 'The content took too long to load',
    advice:
      'The database is slow at the moment, and there was no older copy to show. Try again after `Retry-After` seconds.',
  },
  not_ready: {
    status: 503,
    title: 'Not ready',
    advice: 'The node is starting or stopping. Try again, or at another node.',
  },
  storage_full: {
    status: 507,
    title: 'The storage is full',
    advice:
      'The disk of the database is full. Nothing was changed; reading goes on. The operator has to free some space.',
  },
} as const satisfies Record<string, { status: number; title: string; advice: string }>;

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
