import { ALARM_TYPES, type DeviceAlarmType } from '../alarm-types.ts';
import type { SmsPattern } from '../catalog/model.ts';
import type { AlarmMessage, Caller, Fault, Position } from '../event.ts';

/** A message as a line brought it, its parts together. */
export type Sms = {
  /** The same for every copy of the message; nothing of the number is in it. */
  readonly id: string;
  /** By the service centre, epoch milliseconds. */
  readonly at: number | null;
  readonly text: string;
  /** From a name, or a number that no telephone has: what advertises. */
  readonly isFromService: boolean;
  /** Something was sent to this number of late. */
  readonly isAwaited: boolean;
  readonly faults: readonly Fault[];
};

/** Texts are tried, and kept, up to here; the frame is kept whole. */
const MAX_TEXT_CHARS = 1000;

/**
 * What an SMS means. Total (promise P2); in this order:
 * - from a device: by the first of its model's patterns that matches; none matches: `unknown`, which is priority 1. A pattern
 *   that raises nothing is a sign of life.
 * - from anybody else: as the most urgent alarm that any model would raise with these words; a person's are about a person, so
 *   what is a technical case of a device ("power cut") is none of theirs
 * - from a contact to whom something was sent: their answer
 * - from a resident or a contact: `unknown`; people whom we know do not advertise
 * - from whoever else: a `service` request (priority 3): read by a person within the day, and no life-and-death. Names and
 *   service numbers advertise with every word there is ("your gas bill"), so their words are not tried.
 * - unreadable: `unknown`, whoever it is from
 */
export function meaningOfSms(
  sms: Sms,
  whose: Caller['whose'],
  patterns: { readonly ofModel: readonly SmsPattern[]; readonly ofAll: readonly SmsPattern[] },
): AlarmMessage | 'heartbeat' {
  const text = sms.text.slice(0, MAX_TEXT_CHARS);
  const faults = [...sms.faults];
  if (text.length < sms.text.length) faults.push({ code: 'too-long', path: '/text' });
  const common = { id: sms.id, ...(sms.at === null ? {} : { at: sms.at }), ...(text === '' ? {} : { text }) };
  const build = (kind: AlarmMessage['kind'], type: DeviceAlarmType, more: Details = {}): AlarmMessage => {
    return { kind, type, ...common, ...more, faults };
  };
  const unknown = (): AlarmMessage => {
    faults.push({ code: 'unknown-type', path: '/text' });
    return build('alarm', 'unknown');
  };

  if (whose === 'device' && patterns.ofModel.length > 0) {
    const found = matchFirst(patterns.ofModel, text);
    if (found === null) return unknown();
    const { pattern, details } = found;
    return pattern.raises === null ? 'heartbeat' : build(pattern.kind ?? 'alarm', pattern.raises, details);
  }
  const isStranger = whose === 'unknown' || whose === 'withheld';
  if (isStranger && sms.isFromService && text !== '') return build('alarm', 'service');
  const isSaid = ({ raises }: SmsPattern): boolean =>
    whose === 'device' || raises === null || ALARM_TYPES[raises].lane !== 'technical';
  const found = matchUrgent(patterns.ofAll.filter(isSaid), text);
  if (found !== null) return build('alarm', found.type, found.details);
  if (whose === 'contact' && sms.isAwaited && text !== '') return build('answer', 'unknown');
  return isStranger && text !== '' ? build('alarm', 'service') : unknown();
}

type Details = Pick<AlarmMessage, 'zone' | 'batteryPct' | 'location'>;

function matchFirst(
  patterns: readonly SmsPattern[],
  text: string,
): { readonly pattern: SmsPattern; readonly details: Details } | null {
  for (const pattern of patterns) {
    const match = pattern.pattern.exec(text);
    if (match !== null) return { pattern, details: detailsOf(match.groups ?? {}) };
  }
  return null;
}

/** Restores and signs of life of a device that nobody knows say nothing: it is taken for whoever wrote. */
function matchUrgent(
  patterns: readonly SmsPattern[],
  text: string,
): { readonly type: DeviceAlarmType; readonly details: Details } | null {
  let best: { readonly type: DeviceAlarmType; readonly details: Details } | null = null;
  for (const { pattern, raises, kind } of patterns) {
    if (raises === null || kind !== undefined) continue;
    if (best !== null && ALARM_TYPES[raises].priority >= ALARM_TYPES[best.type].priority) continue;
    const match = pattern.exec(text);
    if (match !== null) best = { type: raises, details: detailsOf(match.groups ?? {}) };
  }
  return best;
}

function detailsOf({ zone, battery, lat, lon }: Readonly<Record<string, string | undefined>>): Details {
  const batteryPct = Number(battery ?? Number.NaN);
  // Without a datum: what stands in a link may be of a Chinese map, and no text says so.
  const location: Position = { lat: Number(lat ?? Number.NaN), lon: Number(lon ?? Number.NaN) };
  const isPlace = Math.abs(location.lat) <= 90 && Math.abs(location.lon) <= 180;
  return {
    ...(zone === undefined ? {} : { zone }),
    ...(batteryPct >= 0 && batteryPct <= 100 ? { batteryPct } : {}),
    ...(isPlace ? { location } : {}),
  };
}
