import { takenMarks, NO_INCIDENT } from '../alarm-marks.ts';
import { decodeEvent } from '../../ingest/event-json.ts';
import { calcDeviceKey } from '../facts.ts';
import { MARK_TTL_MS, type ClockTrust } from '../identity.ts';
import { INCIDENT_KEYS } from '../keys.ts';
import type { Directory } from '../../registry/directory.ts';
import type { DecidedAlarm } from './other-memory.ts';

/** A key that ends by itself; `until` in epoch milliseconds. */
export type Mark = { readonly key: string; readonly value: string; readonly until: number };

/**
 * The marks that alarms left when they were decided: that the ULID was seen, and what a retransmission is known by. What the
 * device's clock has shown changes with the next alarm, so it is gathered in `clocks` (by key), the last one stands; alarms
 * of one device in the order of coming. Pure but for that.
 */
export function planMarks(
  alarms: readonly DecidedAlarm[],
  register: Pick<Directory, 'deviceAt'>,
  clocks: Map<string, Mark>,
): Mark[] {
  return alarms.flatMap(({ id, incidentId, receivedAt, json }) => {
    const until = receivedAt + MARK_TTL_MS;
    const event = json === null ? null : decodeEvent(json);
    if (event === null) return [{ key: INCIDENT_KEYS.seen(id), value: incidentId ?? NO_INCIDENT, until }];
    const deviceKey = calcDeviceKey(event, register);
    const clockKey = INCIDENT_KEYS.clock(deviceKey ?? '');
    const known = clocks.get(clockKey)?.value;
    const trust: ClockTrust = known === 'proven' || known === 'flagged' ? known : null;
    const nothing = { raw: null, value: null };
    const view = { seen: { raw: null, value: false }, repeat: nothing, trust: { raw: trust, value: trust } };
    return takenMarks({ event, facts: { deviceKey }, view }, incidentId).flatMap(({ key, becomes: value }) => {
      if (value === null) return [];
      if (key !== clockKey) return [{ key, value, until }];
      clocks.set(key, { key, value, until });
      return [];
    });
  });
}
