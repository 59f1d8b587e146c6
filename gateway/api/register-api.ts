import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Catalog } from '../../devices/catalog/registry.ts';
import type { Clock } from '../clock.ts';
import { createAddressWrites } from '../registry/address-writes.ts';
import { createNewPassword } from '../registry/new-ids.ts';
import type { Numbering } from '../registry/phone-number.ts';
import { planAddresses } from '../registry/plan-addresses.ts';
import type { Registry } from '../registry/registry.ts';
import { SessionAuthenticator } from './auth/authenticator.ts';
import type { CaseFiles } from './auth/case-files.ts';
import type { AddressFields } from './contract/addresses.ts';
import { EndedSessions, type EndedRedis } from './auth/ended-sessions.ts';
import { createLogIn } from './auth/log-in.ts';
import { noteLogIns, type NoteAudit } from './auth/note-log-ins.ts';
import type { Passwords } from './auth/passwords.ts';
import { SlowDown } from './auth/slow-down.ts';
import type { Presence } from './presence.ts';
import type { RouteModule } from './route.ts';
import { addressRoutes } from './routes/addresses.ts';
import { type DeviceRouteDeps, deviceRoutes } from './routes/devices.ts';
import { dutyRoutes } from './routes/duty.ts';
import { homeRoutes } from './routes/homes.ts';
import { limitRoutes } from './routes/limits.ts';
import { type ResidentRouteDeps, residentRoutes } from './routes/residents.ts';
import { sessionRoutes } from './routes/session.ts';
import { userRoutes } from './routes/users.ts';

export type RegisterApiOptions = Pick<DeviceRouteDeps, 'lastContactAt' | 'mqttUrl'> &
  Pick<ResidentRouteDeps, 'onPersonRead'> & {
    readonly registry: Registry;
    /** The audit trail: log-ins, refusals, duty. */
    readonly note: NoteAudit;
    readonly passwords: Passwords;
    readonly catalog: Catalog;
    readonly redis: EndedRedis;
    readonly clock: Clock;
    readonly logger: Logger;
    readonly sessionMs: number;
    readonly presence: Presence;
    readonly caseFiles: CaseFiles;
    readonly isHttps: boolean;
    readonly numbering: Numbering;
  };

/** Log-in, duty and the register, wired: what `createServer` needs of them. */
export function createRegisterApi(options: RegisterApiOptions): {
  readonly auth: SessionAuthenticator;
  /** To be started before the first request and stopped after the last. */
  readonly endedSessions: Pick<EndedSessions, 'start' | 'stop'>;
  readonly routes: readonly RouteModule[];
} {
  const { registry, passwords, presence, caseFiles, clock, logger, note } = options;
  const { directory, rows } = registry;
  const plan = (fields: AddressFields) => planAddresses(fields, { numbering: options.numbering, randomBytes });
  const endedSessions = new EndedSessions(options.redis, clock, logger);
  const isEnded = (sessionId: string): boolean => endedSessions.has(sessionId);
  const auth = new SessionAuthenticator({
    directory,
    sessionKey: registry.sessionKey,
    isEnded,
    clock,
    onAction: (userId, sessionId) => presence.alive(userId, sessionId),
  });
  const logIn = createLogIn({
    directory,
    rows,
    sessionKey: registry.sessionKey,
    passwords,
    slowDown: new SlowDown(clock.monoMs),
    clock,
    wait,
    newSessionId: () => randomBytes(9).toString('base64url'),
    sessionMs: options.sessionMs,
  });
  return {
    auth,
    endedSessions,
    routes: [
      sessionRoutes({
        logIn: noteLogIns(logIn, rows, note),
        authenticator: auth,
        endSession: async ({ claims, user }) => {
          const before = presence.status(user.id, claims.s);
          await Promise.all([endedSessions.end(claims.s, claims.x), presence.leave(user.id, claims.s)]);
          const { on, sound } = presence.status(user.id, claims.s);
          if (before.on !== on || before.sound !== sound) note('duty', `user:${user.id}`, { on, sound });
        },
        isHttps: options.isHttps,
        nowMs: clock.nowMs,
      }),
      dutyRoutes({
        presence: {
          heartbeat: (userId, sessionId) => presence.heartbeat(userId, sessionId),
          status: (userId, sessionId) => presence.status(userId, sessionId),
          setDuty: async (userId, duty, session) => {
            const set = await presence.setDuty(userId, duty, session);
            note('duty', `user:${userId}`, { on: duty.on, sound: duty.sound });
            return set;
          },
        },
        sessionOf: (request) => {
          const claims = auth.findSession(request)?.claims;
          return { id: claims?.s ?? '', expiresAtMs: claims?.x ?? 0 };
        },
      }),
      homeRoutes({ registry, caseFiles, logger, onPersonRead: options.onPersonRead }),
      residentRoutes({ registry, caseFiles, nowMs: clock.nowMs, note, logger, onPersonRead: options.onPersonRead }),
      limitRoutes({ registry, caseFiles, note, logger, onPersonRead: options.onPersonRead }),
      deviceRoutes({
        registry,
        catalog: options.catalog,
        caseFiles,
        plan,
        note,
        logger,
        lastContactAt: options.lastContactAt,
        mqttUrl: options.mqttUrl,
      }),
      addressRoutes({
        ...{ registry, caseFiles, plan, note, logger, onPersonRead: options.onPersonRead },
        addresses: createAddressWrites(registry, clock),
      }),
      userRoutes({ registry, passwords, newPassword: createNewPassword(randomBytes), logger }),
    ],
  };
}
