import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { DEVICE_MODELS } from '../devices/catalog/models.ts';
import { createMqttLink } from '../devices/links/mqtt/mqtt-link.ts';
import { Passwords } from './api/auth/passwords.ts';
import { createAttendance } from './attendance.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { planDue } from './escalation/plan-due.ts';
import { choosePolicy } from './escalation/policies.ts';
import { createHistory } from './history/history.ts';
import { joinContacts } from './history/join-contacts.ts';
import { createRemembered } from './history/remembered.ts';
import { createIncidents } from './incidents/incidents.ts';
import { createIngest } from './ingest/ingest.ts';
import { listChannels } from './notify/list-channels.ts';
import { createNotifier } from './notify/notifier.ts';
import { Texts } from './notify/texts.ts';
import { openApi } from './open-api.ts';
import { openEscalation } from './open-escalation.ts';
import { openFeedback } from './open-feedback.ts';
import { openNumbers } from './open-numbers.ts';
import { addressesOf, openReceivers, startReceivers } from './open-receivers.ts';
import { openStores } from './open-stores.ts';
import { openVitals } from './open-vitals.ts';
import type { FirstAdmin } from './registry/first-start.ts';
import { loadOwnName } from './own-name.ts';
import { openRegistry } from './registry/open-registry.ts';
import { readNumbering } from './registry/phone-number.ts';
import { createSilentDevices } from './silent-devices.ts';
import { createLastContact } from './telemetry/last-contact.ts';
import { createQuarantineWatch } from './telemetry/quarantine-watch.ts';
import { findReporting } from './telemetry/silence/reporting.ts';
import { createSystemAlarms, systemSubject } from './telemetry/system-alarms.ts';
import { MQTT, WaysIn } from './telemetry/ways-in.ts';
import { createObservations } from './telemetry/observations/observations.ts';
import { TimeSlices } from './time-slices.ts';
import { createTrace } from './trace/trace.ts';
import { readTls } from './tls-files.ts';
import { createWatch } from './watch.ts';

export type Listening = {
  readonly http: string;
  readonly mqtt: string;
  readonly mqttPort: number;
  readonly socketPath: string;
  /** Where receivers listen that have a port of their own, `host:port` by their names. */
  readonly receivers: Readonly<Record<string, string>>;
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
  const { dataDir } = config;
  const tls = {
    http: await readTls(config.httpTlsCert, config.httpTlsKey),
    mqtt: await readTls(config.mqttTlsCert, config.mqttTlsKey),
  };
  const stops: (() => Promise<void> | void)[] = [];

  async function start(): Promise<Listening> {
    const gatewayId = config.gatewayId ?? (await loadOwnName({ dataDir, randomBytes, logger }));
    const { pool, databaseUrl, redis, connect, redisReady } = await openStores({
      config,
      gatewayId,
      ownerPid: options.ownerPid,
      onStop: (stopPart) => void stops.push(stopPart),
      clock,
      logger,
    });

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
      numbering: readNumbering(config),
      isModel: (model) => DEVICE_MODELS.find(model) !== undefined,
      onDeviceRevoked: (deviceId) => link.disconnect(deviceId),
    });
    stops.push(() => registry.stop());

    const ingest = createIngest({
      ...{ dataDir, redis: redis.alarm, gatewayId, clock, logger },
      onSent: (event) => incidents.degraded.takeAlarm(event),
      onUndelivered: () => incidents.degraded.undelivered(),
      onLineageChanged: () => incidents.degraded.refill(),
    });
    stops.push(() => ingest.stop());
    const system = createSystemAlarms({
      ...{ door: ingest.door, gatewayId, clock, logger },
      openSince: (code) =>
        incidents.tail.board.open().find(({ subject }) => subject === systemSubject(code))?.openedAt ?? null,
    });
    const { vitalsRetentionDays: readingsDays } = config;
    const observations = createObservations({ databaseUrl, gatewayId, readingsDays, clock, logger });
    stops.push(() => observations.stop());
    const slices = new TimeSlices({ clock, logger });
    const vitals = openVitals({
      ...{ dataDir, gatewayId, databaseUrl, registry, door: ingest.door, alarms: system, clock, logger },
      ...{ readingsDays, spoolMib: config.spoolMib, later: slices.add },
      open: () => incidents.tail.board.open(),
    });
    stops.push(() => vitals.stop());
    stops.push(() => slices.finish());
    const contacts = createLastContact(clock);
    const isOfRegister = (id: string): boolean => registry.directory().device(id) !== undefined;
    const quarantine = createQuarantineWatch({ door: ingest.door, isKnown: isOfRegister, clock, logger });
    const trace = createTrace({ pool, dataDir, config, isOfRegister, clock, logger });
    stops.push(() => trace.stop());
    const signs = joinContacts(() => [contacts, quarantine, history.contacts]);
    const modelOf = (deviceId: string) => DEVICE_MODELS.find(registry.directory().device(deviceId)?.model ?? '');
    const ways = new WaysIn((deviceId) => modelOf(deviceId)?.protocol === 'mqtt-json');
    const link = createMqttLink({
      ...{ host: config.mqttHost, port: config.mqttPort, tls: tls.mqtt ?? undefined },
      directory: { standingOf: (deviceId, secret) => registry.directory().standingOf(deviceId, secret) },
      ...{ door: ingest.door, vitals: vitals.door, later: slices.add, trace, clock, logger },
      contacts: ways.over(MQTT, signs),
      listening: (deviceId) => feedback.listens(deviceId),
    });
    const numbers = openNumbers({ registry, door: ingest.door, contacts: signs, clock, logger });
    const texts = new Texts({
      receive: (id, receipt) => notifier.receive(id, receipt),
      findOpen: (id) => tail.board.find(id),
      ...{ clock, logger },
    });
    stops.push(() => texts.stop());
    const receivers = openReceivers({
      ...{ config, door: numbers.door, contacts: numbers.contacts, ways },
      ...{ directory: registry.directory, texts, trace, clock, logger },
    });

    const incidents = createIncidents({
      ...{ redis, choosePolicy, dataDir, gatewayId, clock, logger },
      directory: registry.directory,
      isAlarmLaneUp: () => ingest.health().redis.status !== 'failed',
      unsettled: () => ingest.journal.unsettled(),
      direct: () => notifier.direct,
      otherMemory: createRemembered(pool),
      loadArchived: async (id) => (await history.archive.loadIncidents([id]))[0] ?? null,
    });
    const { store, tail } = incidents;
    const history = createHistory({
      ...{ pool, redis: redis.command, registry, alarms: system, gatewayId, dataDir, clock, logger },
      open: () => tail.board.open(),
      onErased: async () => void (await Promise.all([incidents.degraded.forgetErased(), trace.forgetErased()])),
      heartbeatS: (device) => findReporting(device, registry.directory(), DEVICE_MODELS)?.heartbeatS ?? null,
      ears: () => ways.ears([{ name: MQTT, health: () => link.health() }, ...receivers]),
      headsPath: config.auditHeads,
      erasuresPath: config.erasureList,
      look: () => watch.state(),
    });
    tail.subscribe(history.trigger);
    tail.subscribe(numbers.take);
    const silence = createSilentDevices({
      ...{ pool, gatewayId, registry, ingest, incidents, history, contacts, alarms: system, clock, logger },
      alsoKept: [numbers.chore],
    });
    const attendance = createAttendance({
      ...{ dataDir, clock, logger },
      redis: redis.command,
      directory: registry.directory,
      writer: `${gatewayId}:${randomBytes(9).toString('base64url')}`,
      leaseMs: config.presenceS * 1000,
      alarms: system,
    });
    const { presence } = attendance;
    const { people } = presence;
    const notifier = createNotifier({
      channels: listChannels(config, registry.directory, texts, clock),
      redis: { outbox: connect('outbox'), command: redis.command },
      store,
      findOpen: (id) => tail.board.find(id),
      directory: registry.directory,
      alarms: system,
      gatewayId,
      clock,
      logger,
    });
    const { engine, reach } = openEscalation({ incidents, people, registry, notifier, alarms: system, clock, logger });
    const feedback = openFeedback({ link, incidents, registry, redis: redis.command, gatewayId, clock, logger });

    const watch = createWatch({
      ...{ dataDir, ingest, incidents, engine, registry, history, notifier, silence },
      planDue: (incident, nowMs) => planDue(incident, reach, { nowMs })?.plan ?? null,
      droppedMessages: contacts.droppedCount,
      link,
      receivers,
      vitals,
      observations,
      redis: redis.command,
      alarms: system,
      deadmanUrl: config.deadmanUrl,
      restartedBecause: options.restartedBecause,
      end: () => process.exit(STUCK_EXIT_CODE),
      clock,
      logger,
    });
    let mqttUrl = '';
    const { server, endedSessions } = await openApi({
      config,
      tls: tls.http,
      version: options.version,
      dashboardDir: options.dashboardDir,
      ...{ gatewayId, pool, registry, passwords, presence, ingest, incidents, history, notifier, watch, trace },
      ...{ redis: redis.command, lastContactAt: contacts.at, clock, logger },
      mqttUrl: () => mqttUrl,
    });

    // Side by side: with all of them away a device waits for the slowest, not for their sum.
    await Promise.all([registry.start(), ingest.start(), vitals.start(), redisReady(REDIS_WAIT_MS)]);
    observations.start();
    trace.start();
    await endedSessions.start();
    stops.push(() => endedSessions.stop());
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
    silence.start();
    stops.push(() => silence.stop());
    const http = await server.start();
    stops.push(() => server.stop());
    attendance.listens();
    const { port } = await link.start();
    stops.push(() => link.stop());
    for (const receiver of receivers) stops.push(() => receiver.stop());
    await startReceivers(receivers);
    // Last, so that neither start nor stop looks like a fault of a part that is not up.
    await watch.start();
    stops.push(() => watch.stop());
    mqttUrl = config.mqttUrl ?? `${tls.mqtt === null ? 'mqtt' : 'mqtts'}://${config.mqttHost}:${port}`;
    const { url, socketPath } = http;
    return { http: url, mqtt: mqttUrl, mqttPort: port, socketPath, receivers: addressesOf(receivers) };
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
