import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../clock.ts';
import type { Directory, DirectoryUser } from '../../registry/directory.ts';
import { ProblemError } from '../problems.ts';
import type { Authenticator } from '../route.ts';
import { csrfOf, isSame, readSession, type SessionClaims } from './session-token.ts';

export const SESSION_COOKIE = 'zj_session';

export type AuthenticatorDeps = {
  readonly directory: () => Pick<Directory, 'user'>;
  /** Undefined until the gateway has seen Postgres or a snapshot once. */
  readonly sessionKey: () => Uint8Array | undefined;
  /** Whether somebody logged out of this session. */
  readonly isEnded: (sessionId: string) => boolean;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** A person did something; what they only read may be read by a page that nobody looks at. */
  readonly onAction: (userId: string, sessionId: string) => void;
};

export type LiveSession = {
  readonly token: string;
  readonly claims: SessionClaims;
  readonly user: DirectoryUser;
  readonly csrf: string;
};

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Knows a person by a Bearer token or by the session cookie. A browser adds the cookie by itself, so writes by cookie
 * must carry the csrf token, which only our own page can read. */
export class SessionAuthenticator implements Authenticator {
  readonly #deps: AuthenticatorDeps;

  constructor(deps: AuthenticatorDeps) {
    this.#deps = deps;
  }

  identify(request: FastifyRequest): { readonly kind: 'user'; readonly user: DirectoryUser } | null {
    const session = this.findSession(request);
    if (session === null) return null;
    if (!READS.has(request.method)) {
      const sent = request.headers['x-csrf'];
      const isProved = typeof sent === 'string' && isSame(sent, session.csrf);
      if (readBearer(request) === undefined && !isProved) {
        throw new ProblemError('forbidden', 'Send the csrf token of the session as header x-csrf');
      }
      this.#deps.onAction(session.user.id, session.claims.s);
    }
    return { kind: 'user', user: session.user };
  }

  /** The session of a request, whatever it wants to do. A Bearer token wins over the cookie. */
  findSession(request: FastifyRequest): LiveSession | null {
    const token = readBearer(request) ?? request.cookies[SESSION_COOKIE];
    const key = this.#deps.sessionKey();
    if (token === undefined || key === undefined) return null;
    const claims = readSession(token, key, this.#deps.clock.nowMs());
    const user = claims === undefined ? undefined : this.#deps.directory().user(claims.u);
    if (claims === undefined || user === undefined || user.epoch !== claims.e) return null;
    if (this.#deps.isEnded(claims.s)) return null;
    return { token, claims, user, csrf: csrfOf(token, key) };
  }
}

function readBearer(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}
