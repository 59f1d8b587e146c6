import type { Device } from '../../gateway/api/contract/registry.ts';

/** Whether an alarm of it is no sign that the person is at home: all but what hangs there, also what we do not know. */
export function mayBeAway(device: Pick<Device, 'mobility'> | null): boolean {
  return device?.mobility !== 'fixed';
}
