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
 * The marks that alarms left when they were decided: that the ULID was seen, what a retransmission is known by, and what the
 * device's clock has shown. Alarms of one device in the order of coming; `trusts` (by device key) is carried from page to
 * page. Pure but for that.
 */
export function planMarks(
  alarms: readonly DecidedAlarm[],
  register: Pick<Directory, 'deviceAt'>,
  trusts: Map<string, ClockTrust>,
): Mark[] {
  return alarms.flatMap(({ id, incidentId, receivedAt, json }) => {
    const until = receivedAt + MARK_TTL_MS;
    const event = json === null ? null : decodeEvent(json);
    if (event === null) return [{ key: INCIDENT_KEYS.seen(id), value: incidentId ?? NO_INCIDENT, until }];
    const deviceKey = calcDeviceKey(event, register);
    const trust = (deviceKey === null ? undefined : trusts.get(deviceKey)) ?? null;
    const nothing = { raw: null, value: null };
    const view = { seen: { raw: null, value: false }, repeat: nothing, trust: { raw: trust, value: trust } };
    const clockKey = deviceKey === null ? null : INCIDENT_KEYS.clock(deviceKey);
    return takenMarks({ event, facts: { deviceKey }, view }, incidentId).flatMap(({ key, becomes }) => {
      if (becomes === null) return [];
      if (deviceKey !== null && key === clockKey) trusts.set(deviceKey, becomes as ClockTrust);
      return [{ key, value: becomes, until }];
    });
  });
}
