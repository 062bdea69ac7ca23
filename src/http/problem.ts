/** Errors as users see them: problem details (RFC 9457), without stack, SQL or paths. */
import { BroadsheetError, type ErrorCode, type InputProblem } from '../errors.ts';

export const problemContentType = 'application/problem+json; charset=utf-8';

export interface Problem {
  /** Where the code is documented. */
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  requestId: string;
  errors?: InputProblem[];
}

export function toProblem(error: BroadsheetError, requestId: string): Problem {
  return {
    type: `/docs/errors#${error.code}`,
    title: error.title,
    status: error.status,
    detail: error.message,
    code: error.code,
    requestId,
    ...(error.errors ? { errors: error.errors } : {}),
  };
}

/** What the framework finds wrong with a request, in this program's codes. The keys are Fastify's. */
const frameworkErrors: Record<string, { code: ErrorCode; detail: string }> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported_media_type',
    detail: 'Send the body as Content-Type: application/json.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'malformed_json', detail: 'The body is empty. Send a JSON object.' },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'malformed_json', detail: 'The body is not valid JSON.' },
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'body_too_large',
    detail: 'The body is larger than this server takes (MAX_BODY_KB).',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'bad_request',
    detail: 'The body does not have the length that Content-Length says.',
  },
  FST_ERR_BAD_URL: { code: 'bad_request', detail: 'The address is not well formed.' },
  FST_ERR_MAX_PARAM_LENGTH: { code: 'not_found', detail: 'There is nothing at this address.' },
};

/** The error to tell the user. What has no code of ours is an internal error, whose cause only the log has. */
export function toBroadsheetError(error: unknown): BroadsheetError {
  if (error instanceof BroadsheetError) return error;
  const known = frameworkErrors[codeOf(error)];
  if (known) return new BroadsheetError(known.code, known.detail, { cause: error });
  return new BroadsheetError(
    'internal_error',
    'The request failed. The log has the reason under this request id.',
    { cause: error },
  );
}

export function notFound(): BroadsheetError {
  return new BroadsheetError('not_found', 'There is nothing at this address. The API is described at /docs.');
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
