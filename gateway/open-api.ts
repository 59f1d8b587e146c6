import type { Redis } from 'ioredis';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { DEVICE_MODELS } from '../devices/catalog/models.ts';
import { createCaseFiles } from './api/auth/case-files.ts';
import type { Passwords } from './api/auth/passwords.ts';
import type { Presence } from './api/presence.ts';
import { createRegisterApi } from './api/register-api.ts';
import { eventRoutes } from './api/routes/events.ts';
import { frameRoutes } from './api/routes/frames.ts';
import { healthRoutes } from './api/routes/health.ts';
import { incidentRoutes } from './api/routes/incidents.ts';
import { metricsRoutes } from './api/routes/metrics.ts';
import { notificationRoutes } from './api/routes/notifications.ts';
import { observationRoutes } from './api/routes/observations.ts';
import { residentIncidentRoutes } from './api/routes/resident-incidents.ts';
import { createServer, type ServerOptions } from './api/server.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { createArchivedStore } from './history/archived-store.ts';
import type { History } from './history/history.ts';
import { buildAlarmByHand, idOfKey } from './incidents/by-hand.ts';
import type { Incidents } from './incidents/incidents.ts';
import type { Ingest } from './ingest/ingest.ts';
import type { Notifier } from './notify/notifier.ts';
import { readNumbering } from './registry/phone-number.ts';
import type { Registry } from './registry/registry.ts';
import { loadMetrics } from './telemetry/observations/load-metrics.ts';
import { loadPoints } from './telemetry/observations/load-points.ts';
import type { Trace } from './trace/trace.ts';
import type { Watch } from './watch.ts';

export type OpenApiDeps = {
  readonly config: Config;
  readonly tls: ServerOptions['tls'];
  readonly version: string;
  readonly dashboardDir: string;
  readonly gatewayId: string;
  readonly pool: Pool;
  readonly registry: Registry;
  readonly passwords: Passwords;
  readonly presence: Presence;
  readonly ingest: Ingest;
  readonly incidents: Incidents;
  readonly history: History;
  readonly trace: Pick<Trace, 'search' | 'lost'>;
  readonly notifier: Notifier;
  readonly watch: Watch;
  /** The connection of role `command`. */
  readonly redis: Redis;
  readonly lastContactAt: (deviceId: string) => number | null;
  /** Known once the link listens. */
  readonly mqttUrl: () => string;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** What people and programs ask of the gateway, put together: every route with what it needs, and the server. */
export async function openApi(deps: OpenApiDeps) {
  const { config, registry, presence, ingest, incidents, history, notifier, watch, redis, clock, logger } = deps;
  const { store, tail } = incidents;
  const { people } = presence;

  const caseFiles = createCaseFiles({ open: () => tail.board.open(), directory: registry.directory });
  const registerApi = createRegisterApi({
    registry,
    passwords: deps.passwords,
    presence,
    caseFiles,
    catalog: DEVICE_MODELS,
    redis,
    clock,
    logger,
    sessionMs: config.sessionH * 3_600_000,
    isHttps: deps.tls !== null,
    lastContactAt: deps.lastContactAt,
    mqttUrl: deps.mqttUrl,
    note: history.note,
    numbering: readNumbering(config),
    onPersonRead: (actor, residentIds) => {
      logger.debug({ actor, residentIds }, 'a file was read');
      history.note('person-read', actor, { residentIds });
    },
  });
  const server = await createServer({
    host: config.httpHost,
    port: config.httpPort,
    tls: deps.tls,
    trustedProxies: config.trustedProxies,
    dataDir: config.dataDir,
    dashboardDir: deps.dashboardDir,
    version: deps.version,
    logger,
    auth: registerApi.auth,
    routes: [
      ...registerApi.routes,
      incidentRoutes({
        store: createArchivedStore(store, history.archive),
        tail,
        commands: incidents.commands,
        decide: incidents.decide,
        directory: registry.directory,
        leaseUntil: people.leaseUntil,
        caseFiles,
        isStoreUp: () => incidents.degraded.isDegraded() || redis.status === 'ready',
        buildByHand: (body, actor, peer, key) =>
          buildAlarmByHand({
            id: key === null ? ingest.ids() : idOfKey(actor, key),
            body,
            actor,
            peer,
            nowMs: clock.nowMs(),
            gatewayId: deps.gatewayId,
          }),
      }),
      residentIncidentRoutes({
        loadKept: history.archive.loadPersonCases,
        open: () => tail.board.open(),
        directory: registry.directory,
        leaseUntil: people.leaseUntil,
        caseFiles,
        note: history.note,
      }),
      eventRoutes({
        tail,
        reader: incidents.reader,
        directory: registry.directory,
        leaseUntil: people.leaseUntil,
        status: watch.status.status,
        onStatusChange: watch.status.onChange,
        isStillAllowed: (request) =>
          request.findActor()?.kind === 'local' || registerApi.auth.findSession(request) !== null,
        logger,
      }),
      notificationRoutes({ receive: notifier.receive, secret: config.webhookSecret, nowMs: clock.nowMs }),
      ...history.routes,
      observationRoutes({
        load: (of, span) => loadPoints(deps.pool, of, span),
        loadMetrics: (residentId, span) => loadMetrics(deps.pool, residentId, span),
        directory: registry.directory,
        caseFiles,
        note: history.note,
        nowMs: clock.nowMs,
      }),
      frameRoutes({
        trace: deps.trace,
        directory: registry.directory,
        caseFiles,
        note: history.note,
        gatewayId: deps.gatewayId,
      }),
      healthRoutes({ checks: watch.status.checks, canKeepAlarms: () => ingest.health().canKeep }),
      metricsRoutes(watch.metrics),
    ],
  });
  return { server, endedSessions: registerApi.endedSessions };
}
