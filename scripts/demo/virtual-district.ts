import type { Logger } from 'pino';
import { DEVICE_MODELS } from '../../devices/catalog/models.ts';
import { createDistrict, type District } from '../../devices/simulator/district.ts';
import { createVirtualDevice, type VirtualDevice } from '../../devices/simulator/virtual-device.ts';
import { DEMO_HOMES } from './district.ts';

/** As a wearable in earnest; whoever looks at the demo sees the curve grow. Chosen. */
const VITALS_EVERY_MS = 10_000;

/** The demo's devices as virtual ones, speaking real MQTT; a device whose password is not known stays silent. */
export function createVirtualDistrict(options: {
  readonly mqttUrl: string;
  readonly passwords: Readonly<Record<string, string>>;
  readonly pressesPerHour: number;
  readonly logger: Logger;
}): { readonly district: District; readonly devices: readonly VirtualDevice[] } {
  const clock = { nowMs: () => Date.now() };
  const random = (): number => Math.random();
  const devices = DEMO_HOMES.flatMap((home) => home.devices).flatMap(({ id, model }) => {
    const password = options.passwords[id];
    const found = DEVICE_MODELS.find(model);
    if (password === undefined || found === undefined) return [];
    return [createVirtualDevice({ mqttUrl: options.mqttUrl, deviceId: id, password, model: found, clock, random })];
  });
  const district = createDistrict({
    devices,
    random,
    logger: options.logger,
    pressesPerDeviceHour: devices.length === 0 ? 0 : options.pressesPerHour / devices.length,
    rampMs: 2000,
    vitalsEveryMs: VITALS_EVERY_MS,
  });
  return { district, devices };
}
