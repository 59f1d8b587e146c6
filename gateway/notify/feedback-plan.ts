import { ALARM_TYPES, type AlarmType } from '../../devices/alarm-types.ts';
import type { AlarmEvent } from '../../devices/event.ts';
import type { FeedbackStage, MqttFeedback } from '../../protocols/mqtt-json/message.ts';
import { receivedText, STAGE_TEXTS } from './feedback-texts.ts';

/** What feedback needs to know of a log entry. */
export type FeedbackEntry = {
  readonly type: string;
  readonly incidentId?: string | null;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly data: Readonly<Record<string, unknown>>;
};

/** The alarm that an entry is about, if it is about one; a repeat is about the alarm that it repeats. */
export function alarmIdOf({ data }: FeedbackEntry): string | undefined {
  const id = data['repeatOf'] ?? data['alarmId'];
  return typeof id === 'string' ? id : undefined;
}

export type DeviceFeedback = { readonly deviceId: string; readonly feedback: MqttFeedback };

/** Which entry of the log tells which stage to the device. Only milestones: an action's own line says nothing new. */
const STAGE_OF_ENTRY = {
  received: 'received',
  // The device sent it again because it missed our answer.
  repeated: 'received',
  claimed: 'claimed',
  dispatched: 'dispatched',
  accepted: 'accepted',
  arrived: 'arrived',
  'with-person': 'with-person',
  'handed-over': 'handed-over',
  resolved: 'resolved',
} as const satisfies Record<string, FeedbackStage>;

export function stageOf(entryType: string): FeedbackStage | undefined {
  return Object.hasOwn(STAGE_OF_ENTRY, entryType)
    ? STAGE_OF_ENTRY[entryType as keyof typeof STAGE_OF_ENTRY]
    : undefined;
}

/**
 * Who is told what. `alarms` are those of the incident, or the one alarm that opened none; an entry about one alarm goes to
 * its device, any other to every device of the incident once, about its newest alarm. Nothing goes to a sender that did not
 * prove who it is, nor to a device that was handed on since (`isStillWorn`): its next wearer would hear it. And nothing at
 * all once a silent type (duress) is among them or among the `types` that the case has had, of which not every alarm is shown:
 * somebody may be standing beside the phone.
 */
export function planFeedback(
  entry: FeedbackEntry,
  incidentId: string | null,
  alarms: readonly AlarmEvent[],
  isStillWorn: (alarm: AlarmEvent) => boolean = () => true,
  types: readonly AlarmType[] = [],
): DeviceFeedback[] {
  const stage = stageOf(entry.type);
  // That somebody has it is told once, however often it goes from one to another.
  if (stage === 'claimed' && entry.data['again'] === true) return [];
  const had = [...types, ...alarms.map(({ message }) => message.type)];
  if (stage === undefined || had.some((type) => ALARM_TYPES[type].silent)) return [];
  const told = new Map<string, DeviceFeedback>();
  for (const alarm of alarms) {
    const { deviceId, message } = alarm;
    if (deviceId === null || alarm.standing !== 'verified' || !isStillWorn(alarm)) continue;
    if (isUnasked(alarm, stage)) continue;
    if (stage === 'received' && alarm.id !== alarmIdOf(entry)) continue;
    const text = stage === 'received' ? receivedText(message) : STAGE_TEXTS[stage];
    const id = message.id === undefined ? {} : { id: message.id };
    told.set(deviceId, { deviceId, feedback: { alarmId: alarm.id, ...id, incidentId, stage, at: entry.at, text } });
  }
  return [...told.values()];
}

/**
 * What a gateway raised by itself the wearer knows nothing of: "your call was received" would frighten who did not call, and a
 * loose sensor is nobody's help on its way. That somebody comes because of a vital sign they are told.
 */
function isUnasked({ source, message }: AlarmEvent, stage: FeedbackStage): boolean {
  return source.protocol === 'gateway' && (stage === 'received' || ALARM_TYPES[message.type].lane === 'technical');
}
