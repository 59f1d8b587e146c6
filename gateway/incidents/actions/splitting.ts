import { ALARM_TYPES, type AlarmType } from '../../../devices/alarm-types.ts';
import type { AlarmEvent } from '../../../devices/event.ts';
import type { ActionBody } from '../../api/contract/actions.ts';
import { isOpen, newRecord, type IncidentRecord } from '../record.ts';
import { logNothing, type ActionInput, type ActionTable, type Further, type Refusal } from './action.ts';

/** Some of the alarms are another matter: they open a case of their own, which rings. */
export const SPLITTING = {
  split: {
    onColleagues: 'anybody',
    isForHelpers: false,
    event: () => 'split',
    check: checkSplit,
    alsoDoes: openApart,
    log: logNothing,
  },
} as const satisfies ActionTable<'split'>;

type Asked = ActionInput<ActionBody<'split'>>;

function checkSplit({ incident, body, around }: Asked): Refusal | null {
  if (!isOpen(incident)) return null;
  const { alarms } = around;
  if (incident.lane === 'technical' || alarms === null) {
    return {
      code: 'wrong-state',
      detail: alarms === null ? 'it has too many alarms' : 'a technical case is one matter',
    };
  }
  const wrong = (detail: string): Refusal => ({ code: 'bad-request', path: '/body/alarmIds', detail });
  const chosen = alarms.filter(({ id }) => body.alarmIds.includes(id));
  if (chosen.length !== body.alarmIds.length) return wrong('names an alarm that is not of this case');
  if (!chosen.some(isPress)) return wrong('a cancel or a restore opens nothing');
  if (!alarms.some((alarm) => !chosen.includes(alarm) && isPress(alarm))) return wrong('leaves nothing of this case');
  return null;
}

/** @throws when the check before it was left out */
function openApart({ incident, body, actor, nowMs, around }: Asked, after: IncidentRecord): Further {
  const { alarms, apart } = around;
  if (alarms === null || apart === null) throw new Error('a split was planned without its check');
  const chosen = alarms.filter(({ id }) => body.alarmIds.includes(id));
  const rest = alarms.filter((alarm) => !chosen.includes(alarm));
  const presses = chosen.filter(isPress).length;
  const { subjects, ...opening } = apart;
  const [subject = opening.subject, ...also] = subjects;
  const fresh = newRecord({ ...opening, subject }, nowMs);
  const record: IncidentRecord = { ...fresh, alsoAmong: also, presses, types: typesOf(chosen) };
  const alarmIds = chosen.map(({ id }) => id);
  const line = { incidentId: record.id, at: nowMs };
  const { type, priority, flags } = record;
  const opened = { alarmId: alarmIds[0], type, priority, flags, from: incident.id, to: record.id, alarmIds };
  return {
    incident: {
      ...after,
      ...withoutTypes(after, typesOf(rest)),
      presses: Math.max(1, after.presses - presses),
      alsoAmong: after.alsoAmong.filter((each) => !subjects.includes(each)),
    },
    data: { from: incident.id, to: record.id, alarmIds },
    others: [{ was: null, record }],
    moves: [{ from: incident.id, to: record.id, alarmIds }],
    entries: [
      { ...line, type: 'opened', actor: actor.tag, data: opened },
      { ...line, type: 'rang', actor: 'system', data: { reason: 'split' } },
    ],
  };
}

/** A type whose alarms all went asks for nothing more here, but silence stays silence; the priority stays as it was. */
function withoutTypes(after: IncidentRecord, left: readonly AlarmType[]): Pick<IncidentRecord, 'type' | 'types'> {
  const types = after.types.filter((type) => left.includes(type) || ALARM_TYPES[type].silent);
  const [first] = types.toSorted((a, b) => ALARM_TYPES[a].priority - ALARM_TYPES[b].priority);
  return { types, type: types.includes(after.type) ? after.type : (first ?? after.type) };
}

function isPress(alarm: AlarmEvent): boolean {
  return alarm.message.kind === 'alarm';
}

function typesOf(alarms: readonly AlarmEvent[]): readonly AlarmType[] {
  return [...new Set(alarms.filter(isPress).map(({ message }) => message.type))];
}
