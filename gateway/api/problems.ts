import { StoreSilentError } from '../incidents/store-silence.ts';
import { RegistryError } from '../registry/registry-error.ts';
import { StoreError, type StoreCode } from '../store/store-error.ts';
import { PROBLEM_STATUS, type Problem, type ProblemCode } from './contract/problem.ts';

/** What a problem may carry beside its code: the fields of the contract, and `retryAfterS` for the Retry-After header. */
export type ProblemExtra = {
  readonly errors?: Problem['errors'];
  readonly incident?: Problem['incident'];
  readonly retryAfterS?: number;
};

/**
 * Thrown by a route to answer problem+json (RFC 9457). `code` decides the status; `detail` is read by people, so it
 * names what to do and never repeats personal data.
 */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly detail: string | undefined;
  readonly extra: ProblemExtra;

  constructor(code: ProblemCode, detail?: string, extra: ProblemExtra = {}) {
    super(detail ?? code);
    this.name = 'ProblemError';
    this.code = code;
    this.status = PROBLEM_STATUS[code];
    this.detail = detail;
    this.extra = extra;
  }
}

const TITLES: Record<ProblemCode, string> = {
  'bad-request': 'The request is not understood',
  unauthenticated: 'Log in first',
  forbidden: 'Not allowed',
  'not-found': 'There is no such thing here',
  'claimed-by-other': 'Somebody else has it',
  'wrong-state': 'Not possible in this state',
  conflict: 'It is there already',
  archived: 'It was closed long ago and stays as it is',
  'too-large': 'The request is too large',
  'contact-needed': 'Say first how we know that the person is safe',
  'too-many': 'Too many attempts',
  internal: 'The gateway failed',
  degraded: 'Not possible while a part of the gateway is away',
};

export function formatProblem(error: ProblemError): Problem {
  const { errors, incident } = error.extra;
  return {
    type: `urn:zhuji:problem:${error.code}`,
    title: TITLES[error.code],
    status: error.status,
    code: error.code,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    ...(errors === undefined ? {} : { errors }),
    ...(incident === undefined ? {} : { incident }),
  };
}

/** Any thrown value as the problem that its sender may see. What we did not foresee is `internal` and says nothing. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof RegistryError) {
    const errors = [{ path: `/body${error.path}`, message: error.message }];
    return new ProblemError(error.code, error.message, { errors });
  }
  if (error instanceof StoreError) {
    const isAway = error.code === 'unavailable' || error.code === 'timeout';
    return new ProblemError(STORE_PROBLEMS[error.code], isAway ? DATABASE_AWAY : undefined);
  }
  if (error instanceof StoreSilentError) return new ProblemError('degraded', 'the store does not answer; try again');
  const status = readField(error, 'statusCode');
  const code = readField(error, 'code');
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' || status === 413) return new ProblemError('too-large');
  // What the files' folder does not give out is not there, whatever the reason.
  if (status === 404 || code === 'FST_STATIC_FORBIDDEN_PATH') return new ProblemError('not-found');
  if (status === 403) return new ProblemError('forbidden');
  if (typeof code === 'string' && typeof status === 'number' && status >= 400 && status < 500) {
    return new ProblemError('bad-request', MALFORMED[code]);
  }
  return new ProblemError('internal');
}

/** The answer to a commit may be what was lost. */
const DATABASE_AWAY =
  'the database does not answer: alarms and cases go on, the register cannot be changed; look whether it was kept before you try again';

const STORE_PROBLEMS: Record<StoreCode, ProblemCode> = {
  unavailable: 'degraded',
  timeout: 'degraded',
  conflict: 'conflict',
  reference: 'not-found',
  'bad-value': 'bad-request',
  failed: 'internal',
};

/** Fastify's own refusals that a caller can mend. */
const MALFORMED: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'Send the body as application/json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as its Content-Length says',
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not JSON',
};

function readField(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
