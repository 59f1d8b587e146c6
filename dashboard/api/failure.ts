import type { Incident } from '../../gateway/api/contract/incident.ts';
import type { Problem, ProblemCode } from '../../gateway/api/contract/problem.ts';

/**
 * Why a request gave nothing. `network`: nobody answered, so whether it was done is unknown; `unexpected`: an answer that
 * is not ours (a proxy's page).
 */
export type FailureCode = ProblemCode | 'network' | 'unexpected';

export type Failure = {
  readonly code: FailureCode;
  readonly detail: string | null;
  readonly faults: readonly { readonly path: string; readonly message: string }[];
  /** The incident as it is now, where the refusal is about its state. */
  readonly incident: Incident | null;
};

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** Whether the server may have carried it out although we have no answer: only then the same key is sent again. */
export function isOutcomeUnknown(code: FailureCode): boolean {
  return code === 'network' || code === 'unexpected' || code === 'internal' || code === 'degraded';
}

export function failureOf(code: FailureCode, detail: string | null = null): Failure {
  return { code, detail, faults: [], incident: null };
}

/** Reads problem+json; anything else is `unexpected`, or `unauthenticated` when the status says so. */
export function readFailure(status: number, body: unknown): Failure {
  if (!isProblem(body)) return failureOf(status === 401 ? 'unauthenticated' : 'unexpected', `HTTP ${status}`);
  return {
    code: body.code,
    detail: body.detail ?? null,
    faults: body.errors ?? [],
    incident: body.incident ?? null,
  };
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string';
}
