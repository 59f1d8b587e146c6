import type { Logger } from 'pino';
import { DEVICE_MODELS } from '../../devices/catalog/models.ts';
import { createDistrict, type District } from '../../devices/simulator/district.ts';
import { createVirtualDevice, type VirtualDevice } from '../../devices/simulator/virtual-device.ts';
import type { HostPort } from '../host-port.ts';
import { createSimulatedPanel } from '../simulate/panels.ts';
import { DEMO_HOMES } from './district.ts';
import type { DemoSecrets } from './keep.ts';

/** As a wearable in earnest; whoever looks at the demo sees the curve grow. Chosen. */
const VITALS_EVERY_MS = 10_000;

const ALL = DEMO_HOMES.flatMap(({ devices }) => devices);
const clock = { nowMs: () => Date.now() };

/**
 * The demo's devices as virtual ones, speaking real MQTT, and its panels, calling the real receiver. One whose password or key
 * is not known stays silent. `phones`: those over MQTT.
 */
export function createVirtualDistrict(options: {
  readonly mqttUrl: string;
  /** Null where none listens, and the panels are silent. */
  readonly dc09: HostPort | null;
  readonly secrets: DemoSecrets;
  readonly pressesPerHour: number;
  readonly logger: Logger;
}): { readonly district: District; readonly phones: readonly VirtualDevice[] } {
  const random = (): number => Math.random();
  const phones = ALL.flatMap(({ id, model, account }) => {
    const password = options.secrets.devices[id];
    const found = DEVICE_MODELS.find(model);
    if (password === undefined || found === undefined || account !== undefined) return [];
    return [createVirtualDevice({ mqttUrl: options.mqttUrl, deviceId: id, password, model: found, clock, random })];
  });
  const devices = [...phones, ...(options.dc09 === null ? [] : createPanels(options.dc09, options.secrets))];
  const district = createDistrict({
    devices,
    random,
    logger: options.logger,
    pressesPerDeviceHour: devices.length === 0 ? 0 : options.pressesPerHour / devices.length,
    rampMs: 2000,
    vitalsEveryMs: VITALS_EVERY_MS,
  });
  return { district, phones };
}

function createPanels(receiver: HostPort, { keys }: DemoSecrets) {
  return ALL.flatMap(({ id, model, account, newKeyBits }) => {
    const key = keys[id];
    if (account === undefined || (newKeyBits !== undefined && key === undefined)) return [];
    return createSimulatedPanel({ id, model, account, key, transport: 'tcp' }, { ...receiver, clock });
  });
}
