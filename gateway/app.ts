import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { DEVICE_MODELS } from '../devices/catalog/models.ts';
import { createMqttLink } from '../devices/links/mqtt/mqtt-link.ts';
import { createCaseFiles } from './api/auth/case-files.ts';
import { Passwords } from './api/auth/passwords.ts';
import { createRegisterApi } from './api/register-api.ts';
import { eventRoutes } from './api/routes/events.ts';
import { healthRoutes } from './api/routes/health.ts';
import { metricsRoutes } from './api/routes/metrics.ts';
import { incidentRoutes } from './api/routes/incidents.ts';
import { notificationRoutes } from './api/routes/notifications.ts';
import { createServer } from './api/server.ts';
import { createAttendance } from './attendance.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { createEmbedded } from './embedded/embedded.ts';
import { createEngine } from './escalation/engine.ts';
import { guardReach } from './escalation/guard-reach.ts';
import { planDue } from './escalation/plan-due.ts';
import { choosePolicy } from './escalation/policies.ts';
import { calcReach } from './escalation/reach.ts';
import { createArchivedStore } from './history/archived-store.ts';
import { createHistory } from './history/history.ts';
import { joinContacts } from './history/join-contacts.ts';
import { buildAlarmByHand, idOfKey } from './incidents/by-hand.ts';
import { createIncidents } from './incidents/incidents.ts';
import { isOpen } from './incidents/record.ts';
import { createIngest } from './ingest/ingest.ts';
import { createDeviceFeedback } from './notify/channels/device-feedback.ts';
import { createWebhook } from './notify/channels/webhook.ts';
import { createNotifier } from './notify/notifier.ts';
import { createFeedbackMemory } from './notify/feedback-memory.ts';
import { listNoticeContacts } from './notify/notice-contacts.ts';
import type { FirstAdmin } from './registry/first-start.ts';
import { openRegistry } from './registry/open-registry.ts';
import { createPool, takeLeave } from './store/postgres.ts';
import { connectRedis, type RedisRole } from './store/redis.ts';
import { createDeadman } from './telemetry/deadman.ts';
import { createLastContact } from './telemetry/last-contact.ts';
import { createQuarantineWatch } from './telemetry/quarantine-watch.ts';
import { createSystemAlarms, systemSubject } from './telemetry/system-alarms.ts';
import { createWatch } from './watch.ts';

export type Listening = {
  readonly http: string;
  readonly mqtt: string;
  readonly mqttPort: number;
  readonly socketPath: string;
};

export type App = {
  readonly start: () => Promise<Listening>;
  readonly stop: () => Promise<void>;
};

/** How long start-up waits for Redis: until then no device is heard, and this gateway could work by itself. Chosen. */
const REDIS_WAIT_MS = 2000;
/** EX_SOFTWARE (sysexits.h): a loop is stuck for good. The keeper starts the gateway anew. */
const STUCK_EXIT_CODE = 70;

/**
 * The one place where the parts are put together, in the order in which an alarm meets them: disk and servers, register,
 * door, incidents, deadlines, feedback, API, and the links last, so that nothing comes in before it can be kept.
 */
export async function createApp(options: {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  readonly dashboardDir: string;
  readonly onFirstAdmin: (admin: FirstAdmin) => void;
  /** Named to whoever wants the data folder meanwhile. */
  readonly ownerPid: number;
  /** How the run before this one died; null where it did not. */
  readonly restartedBecause: string | null;
}): Promise<App> {
  const { config, clock, logger } = options;
  const { dataDir, gatewayId } = config;
  const tls = {
    http: await readTls(config.httpTlsCert, config.httpTlsKey),
    mqtt: await readTls(config.mqttTlsCert, config.mqttTlsKey),
  };
  const stops: (() => Promise<void> | void)[] = [];

  async function start(): Promise<Listening> {
    const embedded = createEmbedded({
      dataDir,
      logger,
      clock,
      ownerPid: options.ownerPid,
      postgres: config.databaseUrl === null,
      redis: config.redisUrl === null,
    });
    stops.push(() => embedded.stop());
    const own = await embedded.start();
    const databaseUrl = config.databaseUrl ?? own.databaseUrl ?? '';
    const redisTarget = config.redisUrl ?? own.redisUrl ?? '';

    const pool = createPool({ databaseUrl, applicationName: `zhuji ${gatewayId}`, logger });
    stops.push(() => takeLeave(pool));
    const connect = (role: RedisRole): Redis => {
      const redis = connectRedis({ target: redisTarget, role, gatewayId, logger });
      stops.push(() => redis.disconnect());
      return redis;
    };
    const redis = {
      alarm: connect('alarm'),
      command: connect('command'),
      dispatch: connect('dispatch'),
      feed: connect('feed'),
    };

    const passwords = new Passwords();
    const registry = openRegistry({
      pool,
      databaseUrl,
      gatewayId,
      dataDir,
      logger,
      clock,
      adminPassword: config.adminPassword,
      hashPassword: (password) => passwords.hash(password),
      onFirstAdmin: options.onFirstAdmin,
      isModel: (model) => DEVICE_MODELS.find(model) !== undefined,
      onDeviceRevoked: (deviceId) => link.disconnect(deviceId),
    });
    stops.push(() => registry.stop());

    const ingest = createIngest({
      dataDir,
      redis: redis.alarm,
      gatewayId,
      clock,
      logger,
      onSent: (event) => incidents.degraded.takeAlarm(event),
      onUndelivered: () => incidents.degraded.undelivered(),
      onLineageChanged: () => incidents.degraded.refill(),
    });
    stops.push(() => ingest.stop());
    const system = createSystemAlarms({
      door: ingest.door,
      gatewayId,
      clock,
      logger,
      isOpen: (code) => incidents.tail.board.open().some(({ subject }) => subject === systemSubject(code)),
    });
    const contacts = createLastContact(clock);
    const quarantine = createQuarantineWatch({
      door: ingest.door,
      isKnown: (deviceId) => registry.directory().device(deviceId) !== undefined,
      clock,
      logger,
    });
    const link = createMqttLink({
      host: config.mqttHost,
      port: config.mqttPort,
      tls: tls.mqtt ?? undefined,
      directory: { standingOf: (deviceId, secret) => registry.directory().standingOf(deviceId, secret) },
      door: ingest.door,
      contacts: joinContacts(() => [contacts, quarantine, history.contacts]),
      listening: (deviceId) => feedback.listens(deviceId),
      logger,
      clock,
    });

    const incidents = createIncidents({
      redis,
      directory: registry.directory,
      choosePolicy,
      dataDir,
      isAlarmLaneUp: () => ingest.health().redis.status !== 'failed',
      unsettled: () => ingest.journal.unsettled(),
      direct: () => notifier.direct,
      gatewayId,
      clock,
      logger,
    });
    const { store, tail } = incidents;
    const history = createHistory({
      ...{ pool, redis: redis.command, registry, gatewayId, dataDir, clock, logger },
      open: () => tail.board.open(),
      heartbeatS: (model) => DEVICE_MODELS.find(model)?.heartbeatS ?? null,
      headsPath: config.auditHeads,
      look: () => watch.state(),
    });
    tail.subscribe(history.trigger);
    const attendance = createAttendance({
      redis: redis.command,
      directory: registry.directory,
      writer: `${gatewayId}:${randomBytes(9).toString('base64url')}`,
      leaseMs: config.presenceS * 1000,
      alarms: system,
      clock,
      logger,
    });
    const { presence } = attendance;
    const { people } = presence;
    const contactsOf = (residentId: string): string[] => listNoticeContacts(registry.directory(), residentId);
    const { webhookUrl, webhookSecret } = config;
    const notifier = createNotifier({
      channels: [
        ...(webhookUrl === null || webhookSecret === null
          ? []
          : [createWebhook({ url: webhookUrl, secret: webhookSecret, directory: registry.directory, clock })]),
      ],
      redis: { outbox: connect('outbox'), command: redis.command },
      store,
      findOpen: (id) => tail.board.find(id),
      directory: registry.directory,
      alarms: system,
      gatewayId,
      clock,
      logger,
    });
    const reach = guardReach(
      (target, of) => calcReach(target, of, people.list(), contactsOf, notifier.canNotify),
      logger,
    );
    const engine = createEngine({
      find: (id) => tail.board.find(id),
      open: () => tail.board.open(),
      plan: (incident, time) => planDue(incident, reach, time),
      hasLapsed: people.hasLapsed,
      commit: (plan) => store.commit(plan),
      // A technical matter that reaches nobody must not raise another one.
      onNobodyReached: ({ lane }) => {
        if (lane !== 'technical') system.raise('nobody-reached', {}, 'no-coverage');
      },
      onSomebodyReached: () => system.restore('nobody-reached'),
      clock,
      logger,
    });
    const feedback = createDeviceFeedback({
      link,
      store,
      reader: incidents.reader,
      memory: createFeedbackMemory(redis.command, gatewayId),
      clock,
      logger,
      isStillWorn: ({ deviceId, receivedAt }) => {
        const { device, deviceAt } = registry.directory();
        return deviceId !== null && deviceAt(deviceId, receivedAt)?.binding === device(deviceId)?.binding;
      },
    });
    tail.subscribe(({ id, incident, entry }) => {
      if (incident !== null && isOpen(incident)) engine.put(incident, false);
      else if (incident !== null) engine.drop(incident.id);
      feedback.take(entry, incident, id);
    });
    tail.onReset(() => feedback.catchUp(tail.board.asOf()));
    tail.onRejoined(feedback.catchUp);

    const watch = createWatch({
      dataDir,
      ingest,
      incidents,
      engine,
      planDue: (incident, nowMs) => planDue(incident, reach, { nowMs })?.plan ?? null,
      registry,
      history,
      notifier,
      droppedMessages: contacts.droppedCount,
      link,
      redis: redis.command,
      alarms: system,
      end: () => process.exit(STUCK_EXIT_CODE),
      clock,
      logger,
    });
    const { status } = watch;

    const caseFiles = createCaseFiles({ open: () => tail.board.open(), directory: registry.directory });
    let mqttUrl = '';
    const registerApi = createRegisterApi({
      registry,
      passwords,
      presence,
      caseFiles,
      catalog: DEVICE_MODELS,
      redis: redis.command,
      clock,
      logger,
      sessionMs: config.sessionH * 3_600_000,
      isHttps: tls.http !== null,
      lastContactAt: contacts.at,
      mqttUrl: () => mqttUrl,
      note: history.note,
      onPersonRead: (actor, residentIds) => {
        logger.debug({ actor, residentIds }, 'a file was read');
        history.note('person-read', actor, { residentIds });
      },
    });
    const server = await createServer({
      host: config.httpHost,
      port: config.httpPort,
      tls: tls.http,
      dataDir,
      dashboardDir: options.dashboardDir,
      version: options.version,
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
          isStoreUp: () => incidents.degraded.isDegraded() || redis.command.status === 'ready',
          buildByHand: (body, actor, peer, key) =>
            buildAlarmByHand({
              id: key === null ? ingest.ids() : idOfKey(actor, key),
              body,
              actor,
              peer,
              nowMs: clock.nowMs(),
              gatewayId,
            }),
        }),
        eventRoutes({
          tail,
          reader: incidents.reader,
          directory: registry.directory,
          leaseUntil: people.leaseUntil,
          status: status.status,
          onStatusChange: status.onChange,
          isStillAllowed: (request) =>
            request.findActor()?.kind === 'local' || registerApi.auth.findSession(request) !== null,
          logger,
        }),
        notificationRoutes({ receive: notifier.receive, secret: webhookSecret, nowMs: clock.nowMs }),
        ...history.routes,
        healthRoutes({ checks: status.checks, canKeepAlarms: () => ingest.health().canKeep }),
        metricsRoutes(watch.metrics),
      ],
    });

    // Side by side: with all of them away a device waits for the slowest, not for their sum.
    const redisReady = Promise.all(Object.values(redis).map((connection) => waitReady(connection, REDIS_WAIT_MS)));
    await Promise.all([registry.start(), ingest.start(), redisReady]);
    await registerApi.endedSessions.start();
    stops.push(() => registerApi.endedSessions.stop());
    await attendance.start();
    stops.push(() => attendance.stop());
    await incidents.start();
    feedback.catchUp(tail.board.asOf());
    stops.push(() => incidents.stop());
    for (const incident of tail.board.open()) engine.put(incident, true);
    notifier.start();
    stops.push(() => notifier.stop());
    engine.start();
    stops.push(() => engine.stop());
    history.start();
    stops.push(() => history.stop());
    const http = await server.start();
    stops.push(() => server.stop());
    attendance.listens();
    const { port } = await link.start();
    stops.push(() => link.stop());
    // Last, so that neither start nor stop looks like a fault of a part that is not up.
    await watch.start();
    // Someone should ask why, also when all is well again.
    if (options.restartedBecause !== null) system.raise('gateway-died', { because: options.restartedBecause });
    stops.push(() => watch.stop());
    if (config.deadmanUrl !== null) {
      const deadman = createDeadman({ url: config.deadmanUrl, isAlive: watch.isAlive, logger });
      deadman.start();
      stops.push(() => deadman.stop());
    }
    mqttUrl = config.mqttUrl ?? `${tls.mqtt === null ? 'mqtt' : 'mqtts'}://${config.mqttHost}:${port}`;
    return { http: http.url, mqtt: mqttUrl, mqttPort: port, socketPath: http.socketPath };
  }

  /** In the opposite order; a part that fails to stop does not keep the others from it. */
  async function stop(): Promise<void> {
    for (const stopPart of stops.splice(0).toReversed()) {
      try {
        await stopPart();
      } catch (error) {
        logger.error({ err: error }, 'a part did not stop cleanly');
      }
    }
  }

  return { start, stop };
}

async function readTls(cert: string | null, key: string | null) {
  if (cert === null || key === null) return null;
  const [certPem, keyPem] = await Promise.all([readFile(cert, 'utf8'), readFile(key, 'utf8')]);
  return { cert: certPem, key: keyPem };
}

async function waitReady(redis: Redis, timeoutMs: number): Promise<void> {
  if (redis.status === 'ready') return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const giveUpTimer = setTimeout(resolve, timeoutMs);
  redis.once('ready', resolve);
  await promise;
  clearTimeout(giveUpTimer);
}
