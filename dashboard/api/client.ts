import type { ActionBody, ActionName } from '../../gateway/api/contract/actions.ts';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import { failureOf, readFailure, type Result } from './failure.ts';

const BASE = '/api/v1';
/** After this the person is told and may try again with the same key (chosen). */
const ANSWER_TIMEOUT_MS = 10_000;

export type ApiDeps = {
  readonly fetch: (path: string, init: RequestInit) => Promise<Response>;
  /** Token of the session for writes; null before log-in. */
  readonly csrf: () => string | null;
  /** Called with the gateway's `date` header and when it was read, to find the difference of the clocks. */
  readonly heardDate?: (date: string) => void;
  readonly lostSession?: () => void;
};

export type Api = {
  /** `signal` calls it off: what then comes as a failure is for nobody. */
  readonly get: <T>(path: string, signal?: AbortSignal) => Promise<Result<T>>;
  readonly send: <T>(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    key?: string,
  ) => Promise<Result<T>>;
  /** One action on an incident; `key` makes a repeat of it harmless. */
  readonly act: <A extends ActionName>(
    id: string,
    action: A,
    body: ActionBody<A>,
    key: string,
  ) => Promise<Result<Incident>>;
  /** Settles when nothing that a person asked for is under way. */
  readonly idle: () => Promise<void>;
};

/** Never throws: every way of failing is a value. Paths are below /api/v1. */
export function createApi(deps: ApiDeps): Api {
  async function request<T>(path: string, init: RequestInit, signal?: AbortSignal): Promise<Result<T>> {
    const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    let response: Response;
    let body: unknown;
    try {
      response = await deps.fetch(BASE + path, {
        ...init,
        credentials: 'same-origin',
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      });
      const text = await response.text();
      body = text === '' ? null : parseJson(text);
    } catch (error) {
      return { ok: false, failure: failureOf('network', error instanceof Error ? error.name : null) };
    }
    const date = response.headers.get('date');
    if (date !== null) deps.heardDate?.(date);
    if (response.ok && body !== undefined) return { ok: true, value: body as T };
    const failure = response.ok ? failureOf('unexpected') : readFailure(response.status, body);
    if (failure.code === 'unauthenticated') deps.lostSession?.();
    return { ok: false, failure };
  }

  function send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, key?: string): Promise<Result<T>> {
    const csrf = deps.csrf();
    return request<T>(path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(csrf === null ? {} : { 'x-csrf': csrf }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  let commands = 0;
  const waiting: (() => void)[] = [];

  async function command<T>(sent: Promise<Result<T>>): Promise<Result<T>> {
    commands += 1;
    const result = await sent;
    commands -= 1;
    if (commands === 0) for (const go of waiting.splice(0)) go();
    return result;
  }

  return {
    get: (path, signal) => request(path, { method: 'GET', headers: { accept: 'application/json' } }, signal),
    send: (method, path, body, key) => command(send(method, path, body, key)),
    act: (id, action, body, key) => {
      const sent = send<Incident>('POST', `/incidents/${encodeURIComponent(id)}/${action}`, body, key);
      // A receipt is the page's own doing, and waits for what a person does.
      return action === 'seen' ? sent : command(sent);
    },
    idle: () => (commands === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not ours: a proxy's page or a cut answer. The caller turns it into `unexpected`.
    return undefined;
  }
}
