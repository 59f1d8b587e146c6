import { Type } from 'typebox';
import { formatIso } from '../../clock.ts';
import type { LiveSession, SessionAuthenticator } from '../auth/authenticator.ts';
import { SESSION_COOKIE } from '../auth/authenticator.ts';
import type { LogIn as LogInFunction } from '../auth/log-in.ts';
import { LogIn, Session } from '../contract/session.ts';
import { ProblemError } from '../problems.ts';
import type { RouteModule } from '../route.ts';
import { viewUser } from './users.ts';

export type SessionRouteDeps = {
  readonly logIn: LogInFunction;
  readonly authenticator: Pick<SessionAuthenticator, 'findSession'>;
  /** Nobody can use it any more, and whoever logged off is not on duty any more. */
  readonly endSession: (session: LiveSession) => Promise<void>;
  /** Whether browsers reach us by HTTPS: the cookie then never travels without it. */
  readonly isHttps: boolean;
  readonly nowMs: () => number;
};

/** Log in, who am I, log out. */
export function sessionRoutes({ logIn, authenticator, endSession, isHttps, nowMs }: SessionRouteDeps): RouteModule {
  const cookie = { httpOnly: true, sameSite: 'strict', secure: isHttps, path: '/' } as const;
  return {
    name: 'session',
    prefix: '/api/v1',
    register: (app) => {
      app.post(
        '/session',
        {
          schema: {
            description: 'Logs in: sets the cookie `zj_session`, and answers a token when asked for one',
            body: LogIn,
            response: { 201: Session },
          },
          config: { access: 'public' },
        },
        async ({ body, ip }, reply) => {
          // A unix socket has no peer address; everyone there is one account of this machine.
          const made = await logIn(body.username, body.password, ip ?? 'local');
          const session: Session = {
            user: viewUser(made.user),
            expiresAt: formatIso(made.expiresAtMs),
            csrf: made.csrf,
            ...(body.token === true ? { token: made.token } : {}),
          };
          reply.setCookie(SESSION_COOKIE, made.token, {
            ...cookie,
            maxAge: Math.floor((made.expiresAtMs - nowMs()) / 1000),
          });
          return reply.code(201).header('cache-control', 'no-store').send(session);
        },
      );
      app.get(
        '/session',
        { schema: { description: 'The session of this request', response: { 200: Session } } },
        async (request, reply) => {
          const found = authenticator.findSession(request);
          if (found === null) throw new ProblemError('unauthenticated');
          reply.header('cache-control', 'no-store');
          return { user: viewUser(found.user), expiresAt: formatIso(found.claims.x), csrf: found.csrf };
        },
      );
      app.delete(
        '/session',
        { schema: { description: 'Ends this session, also for copies of its token', response: { 204: Type.Null() } } },
        async (request, reply) => {
          const found = authenticator.findSession(request);
          if (found !== null) await endSession(found);
          return reply.clearCookie(SESSION_COOKIE, cookie).code(204).send(null);
        },
      );
    },
  };
}
