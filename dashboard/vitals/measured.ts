import type { Device } from '../../gateway/api/contract/registry.ts';

/** What models of devices measure, by the model's id. */
export type ModelMetrics = ReadonlyMap<string, readonly string[]>;

type Bound = Pick<Device, 'id' | 'model' | 'residentIds' | 'retiredAt'>;

/** A device whose readings nobody can tell apart: they are stored, and stand on nobody's chart. */
export type Shared = { readonly deviceId: string; readonly withIds: readonly string[] };

/** Metrics of the devices that a person alone is bound to. A retired one measures nothing any more. */
export function listMeasured(residentId: string, devices: readonly Bound[], models: ModelMetrics): string[] {
  const own = listBound(residentId, devices).filter(({ residentIds }) => residentIds.length === 1);
  return [...new Set(own.flatMap(({ model }) => models.get(model) ?? []))];
}

/** Devices that measure vital signs and are bound to this person and to others. */
export function listShared(residentId: string, devices: readonly Bound[], models: ModelMetrics): Shared[] {
  return listBound(residentId, devices)
    .filter(({ residentIds, model }) => residentIds.length > 1 && (models.get(model) ?? []).length > 0)
    .map(({ id, residentIds }) => ({ deviceId: id, withIds: residentIds.filter((one) => one !== residentId) }));
}

function listBound(residentId: string, devices: readonly Bound[]): Bound[] {
  return devices.filter((device) => device.retiredAt === null && device.residentIds.includes(residentId));
}
