import type { SmsTime } from './message.ts';

export const TIME_STAMP_OCTETS = 7;
const QUARTER_MS = 15 * 60_000;

/**
 * Year, month, day, hour, minute, second, zone: two digits an octet, the tens in its low half (3GPP TS 23.040 §9.2.3.11). The
 * century is not told; 2000 is taken. Null where it is no moment.
 */
export function readTimeStamp(octets: Uint8Array): SmsTime | null {
  const [year, month, day, hour, minute, second] = [...octets.subarray(0, 6)].map(twoDigits);
  const zone = octets[6] ?? 0;
  // Bit 3 of the zone's octet is its sign.
  const quarters = twoDigits(zone & 0b1111_0111);
  if (!year?.ok || !month?.ok || !day?.ok || !hour?.ok || !minute?.ok || !second?.ok || !quarters.ok) return null;
  const local = Date.UTC(2000 + year.value, month.value - 1, day.value, hour.value, minute.value, second.value);
  const back = new Date(local);
  const isMoment =
    back.getUTCMonth() === month.value - 1 &&
    back.getUTCDate() === day.value &&
    back.getUTCHours() === hour.value &&
    back.getUTCMinutes() === minute.value &&
    back.getUTCSeconds() === second.value;
  if (!isMoment) return null;
  const zoneQuarters = (zone & 0b1000) === 0 ? quarters.value : 0 - quarters.value;
  return { at: local - zoneQuarters * QUARTER_MS, zoneQuarters };
}

function twoDigits(octet: number): { readonly ok: boolean; readonly value: number } {
  const tens = octet & 0x0f;
  const units = octet >> 4;
  return { ok: tens <= 9 && units <= 9, value: tens * 10 + units };
}

/** Years 2000 to 2099 by the clock of the zone; whole seconds. */
export function encodeTimeStamp({ at, zoneQuarters }: SmsTime): number[] {
  const local = new Date(at + zoneQuarters * QUARTER_MS);
  const fields = [
    local.getUTCFullYear() % 100,
    local.getUTCMonth() + 1,
    local.getUTCDate(),
    local.getUTCHours(),
    local.getUTCMinutes(),
    local.getUTCSeconds(),
  ];
  const zone = swapped(Math.abs(zoneQuarters)) | (zoneQuarters < 0 ? 0b1000 : 0);
  return [...fields.map(swapped), zone];
}

function swapped(value: number): number {
  return (Math.floor(value / 10) & 0x0f) | ((value % 10) << 4);
}
