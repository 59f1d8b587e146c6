import http from 'node:http';
import https from 'node:https';
import type { Problem } from '../../gateway/api/contract/problem.ts';

/** Where the gateway is: its socket on this machine, or an address with a token. */
export type Target =
  | { readonly kind: 'socket'; readonly socketPath: string; readonly dataDir: string }
  | { readonly kind: 'url'; readonly url: string; readonly token: string | null };

export type Client = {
  /** `path` below /api/v1. @throws ClientError, ProblemAnswer */
  readonly request: <T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) => Promise<T>;
};

/** Nobody answers; the message says where and what to do. */
export class ClientError extends Error {
  readonly code: 'no-gateway' | 'no-access' | 'broken-answer';

  constructor(code: ClientError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** The gateway refused, with its reason. */
export class ProblemAnswer extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
}

/** A gateway that is busy for longer has gone wrong (chosen). */
const TIMEOUT_MS = 30_000;

export function createClient(target: Target): Client {
  return {
    request: async <T>(method: string, path: string, body?: unknown): Promise<T> => {
      const { status, text } = await send(target, method, `/api/v1${path}`, body);
      if (status === 204) return undefined as T;
      const answer = parseAnswer(text);
      if (status >= 400) throw new ProblemAnswer(answer as Problem);
      return answer as T;
    },
  };
}

/** All items of a paged list. */
export async function listAll<T>(client: Client, path: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    const page: { items: T[]; next: string | null } = await client.request('GET', `${path}${query}`);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return items;
}

function send(
  target: Target,
  method: string,
  path: string,
  body: unknown,
): Promise<{ readonly status: number; readonly text: string }> {
  const json = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    accept: 'application/json',
    ...(json === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }),
    ...(target.kind === 'url' && target.token !== null ? { authorization: `Bearer ${target.token}` } : {}),
  };
  return new Promise((resolve, reject) => {
    const done = (response: http.IncomingMessage): void => {
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', (error) => reject(describe(target, error)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    };
    const options = { method, headers, timeout: TIMEOUT_MS };
    const request =
      target.kind === 'socket'
        ? http.request({ ...options, socketPath: target.socketPath, path }, done)
        : (target.url.startsWith('https:') ? https : http).request(new URL(path, target.url), options, done);
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', (error) => reject(describe(target, error)));
    request.end(json);
  });
}

function describe(target: Target, error: Error): ClientError {
  const reason = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
  if (target.kind === 'url') {
    return new ClientError('no-gateway', `no gateway answers at ${target.url} (${reason})`);
  }
  if (reason === 'EACCES' || reason === 'EPERM') {
    return new ClientError(
      'no-access',
      `the gateway on ${target.dataDir} runs under another account: use that one, or ZHUJI_URL with ZHUJI_TOKEN`,
    );
  }
  if (reason === 'ENOENT' || reason === 'ECONNREFUSED') {
    return new ClientError('no-gateway', `no gateway is running on ${target.dataDir}`);
  }
  return new ClientError('no-gateway', `the gateway on ${target.dataDir} does not answer (${reason})`);
}

function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ClientError('broken-answer', 'what answers is not a Zhuji gateway');
  }
}
