import type { Clock } from '../../clock.ts';
import type { Directory, DirectoryUser } from '../../registry/directory.ts';
import type { RegisterRows } from '../../registry/rows.ts';
import { ProblemError } from '../problems.ts';
import { type Passwords, PasswordsBusyError } from './passwords.ts';
import { csrfOf, signSession } from './session-token.ts';
import { normalizeAddress, type SlowDown } from './slow-down.ts';

export type LogInDeps = {
  readonly directory: () => Pick<Directory, 'user'>;
  readonly rows: () => Pick<RegisterRows, 'users'>;
  readonly sessionKey: () => Uint8Array | undefined;
  readonly passwords: Pick<Passwords, 'verify'>;
  readonly slowDown: SlowDown;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly wait: (delayMs: number) => Promise<unknown>;
  readonly newSessionId: () => string;
  readonly sessionMs: number;
};

export type NewSession = {
  readonly user: DirectoryUser;
  readonly token: string;
  readonly csrf: string;
  readonly expiresAtMs: number;
};

/** Seconds after which a refused client may ask again (chosen). */
const RETRY_AFTER_S = 5;

/**
 * A user name and password for a session. Unknown user and wrong password are one answer and take one time.
 * @throws ProblemError `unauthenticated`, `too-many` (too many at once), `degraded` (no Postgres and no snapshot yet)
 */
export function createLogIn(deps: LogInDeps) {
  const { slowDown } = deps;
  return async (username: string, password: string, peer: string): Promise<NewSession> => {
    const key = deps.sessionKey();
    if (key === undefined) throw new ProblemError('degraded', 'The gateway does not know its users yet');
    const address = normalizeAddress(peer);
    const account = username.toLowerCase();
    if (!slowDown.enter(account, address)) throw tooMany();
    try {
      const delayMs = slowDown.delayMs(account, address);
      if (delayMs > 0) await deps.wait(delayMs);
      const row = deps.rows().users.find((user) => user.username.toLowerCase() === account);
      const isRight = await deps.passwords.verify(row?.passwordHash, password);
      const user = row === undefined ? undefined : deps.directory().user(row.id);
      if (!isRight || user === undefined) {
        slowDown.failed(account, address);
        throw new ProblemError('unauthenticated', 'User name or password is wrong');
      }
      slowDown.succeeded(account);
      const expiresAtMs = deps.clock.nowMs() + deps.sessionMs;
      const token = signSession({ u: user.id, e: user.epoch, x: expiresAtMs, s: deps.newSessionId() }, key);
      return { user, token, csrf: csrfOf(token, key), expiresAtMs };
    } catch (error) {
      throw error instanceof PasswordsBusyError ? tooMany() : error;
    } finally {
      slowDown.leave(account, address);
    }
  };
}

export type LogIn = ReturnType<typeof createLogIn>;

function tooMany(): ProblemError {
  return new ProblemError('too-many', 'Too many log-ins at once', { retryAfterS: RETRY_AFTER_S });
}
