import type { RegisterRows } from './rows.ts';

type Rows = Pick<RegisterRows, 'devices'>;

/** Devices whose secret counted before and counts no longer: retired, given another secret, or gone. */
export function listRevoked(before: Rows, after: Rows): string[] {
  const now = new Map(after.devices.map((device) => [device.id, device]));
  return before.devices
    .filter((device) => {
      const current = now.get(device.id);
      const isSame = current?.secretSha256 === device.secretSha256 && current.retiredAt === null;
      return device.retiredAt === null && !isSame;
    })
    .map(({ id }) => id);
}
