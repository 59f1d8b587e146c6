import type { RegisterRows } from './rows.ts';

type Rows = Pick<RegisterRows, 'devices' | 'bindings'>;

/**
 * Devices that must connect anew: retired, given another secret, handed on, or gone; what waits for them is forgotten then,
 * so that nothing meant for one wearer reaches the next. And those that were added: one that was there before is heard as a
 * stranger until it connects again, and a device that is content with its connection may stay for months.
 */
export function listRevoked(before: Rows, after: Rows): string[] {
  const now = new Map(after.devices.map((device) => [device.id, device]));
  const [boundBefore, boundNow] = [currentNumbers(before), currentNumbers(after)];
  const known = new Set(before.devices.map(({ id }) => id));
  const added = after.devices.filter(({ id }) => !known.has(id));
  const changed = before.devices.filter((device) => {
    const current = now.get(device.id);
    const isSame =
      current?.secretSha256 === device.secretSha256 &&
      current.retiredAt === null &&
      boundBefore.get(device.id) === boundNow.get(device.id);
    return device.retiredAt === null && !isSame;
  });
  return [...changed, ...added].map(({ id }) => id);
}

/** The bindings of a device stand in order. */
function currentNumbers({ bindings }: Rows): Map<string, number> {
  return new Map(bindings.map(({ deviceId, number }) => [deviceId, number]));
}
