import type { Device } from '../../gateway/api/contract/registry.ts';

/** What models of devices measure, by the model's id. */
export type ModelMetrics = ReadonlyMap<string, readonly string[]>;

/** Metrics of the devices that are bound to a person. A retired one measures nothing any more. */
export function listMeasured(
  residentId: string,
  devices: readonly Pick<Device, 'model' | 'residentIds' | 'retiredAt'>[],
  models: ModelMetrics,
): string[] {
  const own = devices.filter((device) => device.retiredAt === null && device.residentIds.includes(residentId));
  return [...new Set(own.flatMap(({ model }) => models.get(model) ?? []))];
}
