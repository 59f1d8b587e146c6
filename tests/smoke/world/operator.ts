import type { ActionBody, ActionName } from '../../../gateway/api/contract/actions.ts';
import type { Incident, IncidentDetail, IncidentPage } from '../../../gateway/api/contract/incident.ts';
import type { Role, Session, SessionUser, UserCreated } from '../../../gateway/api/contract/session.ts';
import { ADMIN_PASSWORD, type TestGateway } from '../../harness/gateway.ts';
import { loadContract } from './contract.ts';
import { openFeed, type Feed, type ResumePoint } from './feed.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export type Answer<T> = { readonly status: number; readonly body: T };

/** A person at a console, or a program with a token: real HTTP, and every answer is held against the OpenAPI. */
export type Operator = {
  readonly user: SessionUser;
  /** What proves who asks: headers for a gateway at another address. */
  readonly proof: Readonly<Record<string, string>>;
  readonly ask: <T>(method: Method, path: string, body?: unknown, headers?: Headed) => Promise<Answer<T>>;
  /** The body, where the answer is 200 or 201; fails otherwise. */
  readonly get: <T>(path: string) => Promise<T>;
  readonly post: <T>(path: string, body: unknown, headers?: Headed) => Promise<T>;
  /** Open incidents, or those of a query such as `state=all`. */
  readonly list: (query?: string) => Promise<IncidentPage>;
  readonly detail: (incidentId: string) => Promise<IncidentDetail>;
  readonly act: <A extends ActionName>(incidentId: string, action: A, body: ActionBody<A>) => Promise<Incident>;
  /** The same where a refusal is awaited. */
  readonly tryTo: <A extends ActionName, T = Incident>(
    incidentId: string,
    action: A,
    body: ActionBody<A>,
    headers?: Headed,
  ) => Promise<Answer<T>>;
  readonly listen: (from?: ResumePoint) => Promise<Feed>;
};

type Headed = Readonly<Record<string, string>>;

/** By cookie, as a browser does, or by Bearer token. */
export type LogInBy = 'cookie' | 'token';

export function logInAsAdmin(gateway: TestGateway, by: LogInBy = 'token'): Promise<Operator> {
  return logIn(gateway, { username: 'admin', password: ADMIN_PASSWORD, by });
}

/** Adds a person and logs them in. */
export async function hire(
  gateway: TestGateway,
  admin: Operator,
  {
    username,
    roles = ['operator'],
    regions = ['*'],
    by = 'cookie',
  }: {
    readonly username: string;
    readonly roles?: readonly Role[];
    readonly regions?: readonly string[];
    readonly by?: LogInBy;
  },
): Promise<Operator> {
  const added = await admin.post<UserCreated>('/users', { username, roles, regions });
  return logIn(gateway, { username, password: added.password ?? '', by });
}

export async function logIn(
  gateway: Pick<TestGateway, 'httpUrl'>,
  {
    username,
    password,
    by = 'cookie',
  }: { readonly username: string; readonly password: string; readonly by?: LogInBy },
): Promise<Operator> {
  const api = `${gateway.httpUrl}/api/v1`;
  const contract = await loadContract(api);
  const response = await fetch(`${api}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password, ...(by === 'token' ? { token: true } : {}) }),
  });
  const session = (await response.json()) as Session;
  contract.check('POST', '/session', response.status, session);
  if (response.status !== 201) throw new Error(`Log-in of ${username} answered ${response.status}`);
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const proof: Headed =
    by === 'token' ? { authorization: `Bearer ${session.token ?? ''}` } : { cookie, 'x-csrf': session.csrf };

  async function ask<T>(method: Method, path: string, body?: unknown, headers: Headed = {}): Promise<Answer<T>> {
    const sent = await fetch(`${api}${path}`, {
      method,
      headers: { ...proof, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await sent.text();
    const told: unknown = text === '' ? null : JSON.parse(text);
    contract.check(method, path, sent.status, told);
    return { status: sent.status, body: told as T };
  }

  async function need<T>(method: Method, path: string, body?: unknown, headers: Headed = {}): Promise<T> {
    const answer = await ask<T>(method, path, body, headers);
    if (answer.status === 200 || answer.status === 201) return answer.body;
    throw new Error(`${method} ${path} answered ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  return {
    user: session.user,
    proof,
    ask,
    get: (path) => need('GET', path),
    post: (path, body, headers) => need('POST', path, body, headers),
    list: (query = '') => need('GET', `/incidents${query === '' ? '' : `?${query}`}`),
    detail: (incidentId) => need('GET', `/incidents/${incidentId}`),
    act: (incidentId, action, body) => need('POST', `/incidents/${incidentId}/${action}`, body),
    tryTo: (incidentId, action, body, headers) => ask('POST', `/incidents/${incidentId}/${action}`, body, headers),
    listen: (from = {}) => openFeed(`${api}/events`, proof, from),
  };
}
