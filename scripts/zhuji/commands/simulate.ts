import type { DeviceCreated } from '../../../gateway/api/contract/registry.ts';
import { DEVICE_MODELS } from '../../../devices/catalog/models.ts';
import { type HostPort, readHostPort } from '../../host-port.ts';
import { type Context, defineCommand, UsageError } from '../command.ts';
import { loadConfigAndDatabase } from '../find-site.ts';
import { waitForSignal } from '../wait-for-signal.ts';

/** The simulated district speaks MQTT. */
const OVER_MQTT = DEVICE_MODELS.all.filter(({ protocol }) => protocol === 'mqtt-json');
const MAX_DEVICES = 1_000;
/** Of accounts of simulated diallers there are 256. */
const MAX_PER_PORT = 100;
/** As long as readings are kept where nobody chose otherwise. */
const MOST_DAYS = 90;
const RAMP_MS_PER_DEVICE = 20;

export const simulate = defineCommand({
  name: 'simulate',
  summary: 'Let virtual devices connect to a running gateway, beat, measure and press, until Ctrl-C.',
  options: {
    devices: { type: 'string', value: 'N', description: 'How many over MQTT; default 4, none where others are named' },
    panels: { type: 'string', value: 'N', description: 'How many alarm panels that speak SIA DC-09; needs --dc09' },
    dc09: { type: 'string', value: 'HOST:PORT', description: 'Where the gateway hears them: ZHUJI_DC09_PORT' },
    serial: {
      type: 'string',
      value: 'KIND:PATH?…',
      description:
        "Ports that are the other ends of the gateway's cables, written as in ZHUJI_SERIAL: sur-gard, caller-id, gsm",
    },
    'per-port': { type: 'string', value: 'N', description: 'How many devices are heard through each; default 2' },
    model: {
      type: 'string',
      value: 'MODEL',
      description: 'Which; default all models that speak MQTT, in turn',
      multiple: true,
    },
    region: { type: 'string', value: 'REGION', description: 'Region of their home; default simulated' },
    'vitals-every': {
      type: 'string',
      value: 'S',
      description: 'Seconds between the vital signs of a wearable; default 60',
    },
    'presses-per-hour': { type: 'string', value: 'N', description: 'All together; default 60' },
    seconds: { type: 'string', value: 'N', description: 'End by itself after this long' },
    history: {
      type: 'string',
      value: 'DAYS',
      description: "First give the wearers so many days of vital signs, up to 90; on the gateway's own machine",
    },
  },
  run: async ({ env, json, print, printError, client }, values) => {
    const panelCount = readNumber('panels', values.panels, 0, 0, MAX_DEVICES);
    const ports = await readSerial(values.serial, readNumber('per-port', values['per-port'], 2, 1, MAX_PER_PORT));
    const isOther = panelCount + ports.count > 0;
    const deviceCount = readNumber('devices', values.devices, isOther ? 0 : 4, 0, MAX_DEVICES);
    const count = deviceCount + panelCount + ports.count;
    if (count === 0) throw new UsageError('There is nothing to simulate');
    const dc09 = readDc09(values.dc09, panelCount);
    const pressesPerHour = readNumber('presses-per-hour', values['presses-per-hour'], 60, 0, 1_000_000);
    const vitalsEveryS = readNumber('vitals-every', values['vitals-every'], 60, 1, 86_400);
    const seconds = values.seconds === undefined ? undefined : readNumber('seconds', values.seconds, 0, 1, 86_400);
    const days = readNumber('history', values.history, 0, 0, MOST_DAYS);
    const models = values.model.length > 0 ? values.model : OVER_MQTT.map(({ id }) => id);
    const unknown = models.find((id) => !OVER_MQTT.some((model) => model.id === id));
    if (unknown !== undefined) {
      throw new UsageError(`There is no model ${unknown} that speaks MQTT; see zhuji device models`);
    }

    const end = waitForEnd(seconds);
    // Loaded here alone: the other commands need nothing of it and start faster.
    const { createLogger } = await import('../../../gateway/log.ts');
    const { addSimulatedDevices, removeSimulatedDevices } = await import('../../simulate/provision.ts');
    const { createDistrict } = await import('../../../devices/simulator/district.ts');
    const { createVirtualDevice } = await import('../../../devices/simulator/virtual-device.ts');
    const giveHistory = days === 0 ? null : await prepareHistory(env, days);
    const gateway = await client();
    const { PANEL_MODELS, addressOfPanel, createSimulatedPanels } = await import('../../simulate/panels.ts');
    const region = values.region ?? 'simulated';
    const added = await addSimulatedDevices(gateway, { count: deviceCount, models, region });
    const panels = await addSimulatedDevices(gateway, {
      ...{ count: panelCount, models: PANEL_MODELS, region, addressOf: addressOfPanel },
    });
    const { models: portModels, addressOf } = ports;
    const behind = await addSimulatedDevices(gateway, { count: ports.count, models: portModels, region, addressOf });
    const readings = (await giveHistory?.(added)) ?? 0;
    if (giveHistory !== null && !json) print(`${readings.toLocaleString('en-US')} readings of ${days} days.`);
    const clock = { nowMs: () => Date.now() };
    const random = (): number => Math.random();
    const logger = createLogger({ level: 'warn' });
    const cables = await ports.plug(behind, { clock, logger });
    const district = createDistrict({
      devices: [
        ...added.flatMap(({ id, model, password, mqttUrl }) => {
          const found = DEVICE_MODELS.find(model);
          return found === undefined
            ? []
            : [createVirtualDevice({ mqttUrl, deviceId: id, password, model: found, clock, random })];
        }),
        ...(dc09 === null ? [] : createSimulatedPanels(panels, { ...dc09, clock })),
        ...cables.devices,
      ],
      random,
      logger,
      pressesPerDeviceHour: pressesPerHour / count,
      rampMs: count * RAMP_MS_PER_DEVICE,
      vitalsEveryMs: vitalsEveryS * 1000,
    });
    district.start();
    if (!json) print(`${count} virtual devices, about ${pressesPerHour} presses an hour. Ctrl-C ends it.`);
    await end;
    await district.stop();
    await cables.unplug();
    const left = await removeSimulatedDevices(gateway, [...added, ...panels, ...behind]);
    const counts = district.counts();
    if (json) print(JSON.stringify({ devices: count, ...counts }));
    else print(`${counts.connected} connected, ${counts.pressed} pressed, ${counts.acknowledged} acknowledged.`);
    if (left.length > 0) printError(`Not removed: ${left.join(' ')}`);
    return left.length === 0 ? 0 : 1;
  },
});

/** Before anything is added. @throws ConfigError, UsageError where the gateway's database is not at hand */
async function prepareHistory(
  env: Context['env'],
  days: number,
): Promise<(added: readonly DeviceCreated[]) => Promise<number>> {
  const { createLogger } = await import('../../../gateway/log.ts');
  const { givePast } = await import('../../simulate/give-past.ts');
  const { config, databaseUrl } = await loadConfigAndDatabase(env);
  return (added) =>
    givePast({
      ...{ databaseUrl, days, nowMs: Date.now(), random: Math.random, logger: createLogger({ level: 'warn' }) },
      readingsDays: config.vitalsRetentionDays,
      devices: added.flatMap(({ id, model, residentIds }) =>
        residentIds.map((residentId) => ({ deviceId: id, model, residentId })),
      ),
    });
}

async function waitForEnd(seconds: number | undefined): Promise<void> {
  const signal = waitForSignal();
  if (seconds === undefined) {
    await signal;
    return;
  }
  const { promise, resolve } = Promise.withResolvers<void>();
  const endTimer = setTimeout(resolve, seconds * 1000);
  await Promise.race([signal, promise]);
  clearTimeout(endTimer);
}

/** @throws UsageError with every fault of the text */
async function readSerial(text: string | undefined, perPort: number) {
  const { readSerialPorts } = await import('../../../gateway/serial/read-ports.ts');
  const { planPorts } = await import('../../simulate/serial-ports.ts');
  const { ports, faults } = readSerialPorts(text ?? '');
  if (faults.length > 0) throw new UsageError(faults.map(({ reason }) => `--serial ${reason}`).join('\n'));
  return planPorts(ports, perPort);
}

/** Null where no panel needs it. */
function readDc09(text: string | undefined, panels: number): HostPort | null {
  if (panels === 0 && text === undefined) return null;
  const address = readHostPort(text ?? '');
  if (address === null) throw new UsageError('--panels needs --dc09 HOST:PORT, as zhuji serve tells it');
  return address;
}

function readNumber(name: string, text: string | undefined, otherwise: number, min: number, max: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value < min || value > max) {
    throw new UsageError(`--${name} takes a number from ${min} to ${max}`);
  }
  return value;
}
