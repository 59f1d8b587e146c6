import { expect, test } from 'vitest';
import { DEVICE_ALARM_TYPES, type DeviceAlarmType } from '../../../devices/alarm-types.ts';
import { asEventId, type AlarmEvent, type AlarmKind } from '../../../devices/event.ts';
import type { Standing } from '../../../devices/standing.ts';
import { planFeedback } from '../../../gateway/notify/feedback-plan.ts';
import { receivedText } from '../../../gateway/notify/feedback-texts.ts';
import { decodeFeedback } from '../../../protocols/mqtt-json/decode-feedback.ts';
import { encodeFeedback } from '../../../protocols/mqtt-json/encode.ts';
import { FEEDBACK_STAGES } from '../../../protocols/mqtt-json/message.ts';

type Traits = { type?: DeviceAlarmType; deviceId?: string | null; id?: string; standing?: Standing; kind?: AlarmKind };

function alarm(
  eventId: string,
  { type = 'sos', deviceId = 'd1', id, standing = 'verified', kind = 'alarm' }: Traits = {},
): AlarmEvent {
  return {
    id: asEventId(eventId),
    deviceId,
    receivedAt: 1,
    gatewayId: 'g',
    standing,
    source: { protocol: 'mqtt-json', peer: 'p' },
    message: { kind, type, faults: [], ...(id === undefined ? {} : { id }) },
    raw: '',
  };
}

const entry = (type: string, data: Record<string, unknown> = {}) => ({ type, at: 1_700_000_000_000, data });

test('each alarm is told that it was received, with the id that the device gave it', () => {
  const alarms = [alarm('A', { id: '1' }), alarm('B', { id: '2' })];
  expect(planFeedback(entry('received', { alarmId: 'B' }), 'inc', alarms)).toEqual([
    {
      deviceId: 'd1',
      feedback: {
        alarmId: 'B',
        id: '2',
        incidentId: 'inc',
        stage: 'received',
        at: 1_700_000_000_000,
        text: '已收到求助，请稍等',
      },
    },
  ]);
});

test('a repeat gets the answer about the alarm that it repeats once more', () => {
  const plan = planFeedback(entry('repeated', { alarmId: 'X', repeatOf: 'A' }), 'inc', [alarm('A')]);
  expect(plan.map(({ feedback }) => [feedback.alarmId, feedback.stage])).toEqual([['A', 'received']]);
});

test('that somebody has it is told once: not again when a colleague takes it over', () => {
  expect(planFeedback(entry('claimed'), 'inc', [alarm('A')])).toHaveLength(1);
  expect(planFeedback(entry('claimed', { from: 'u1', again: true }), 'inc', [alarm('A')])).toEqual([]);
});

test('a later stage goes to every device of the incident once, about its newest alarm', () => {
  const alarms = [alarm('A'), alarm('B'), alarm('C', { deviceId: 'd2' }), alarm('D', { deviceId: null })];
  const plan = planFeedback(entry('claimed'), 'inc', alarms);
  expect(plan.map(({ deviceId, feedback }) => [deviceId, feedback.alarmId])).toEqual([
    ['d1', 'B'],
    ['d2', 'C'],
  ]);
});

test('an alarm that opened nothing, like a test, is told without an incident', () => {
  const plan = planFeedback(entry('received', { alarmId: 'A' }), null, [alarm('A', { type: 'test' })]);
  expect(plan[0]?.feedback).toMatchObject({ incidentId: null, text: '测试成功' });
});

test('duress is silent, and silences its whole incident', () => {
  const alarms = [alarm('A'), alarm('B', { type: 'duress', deviceId: 'd2' })];
  for (const type of ['received', 'claimed', 'resolved']) {
    expect(planFeedback(entry(type, { alarmId: 'A' }), 'inc', alarms)).toEqual([]);
    expect(planFeedback(entry(type, { alarmId: 'B' }), 'inc', alarms)).toEqual([]);
  }
});

test('whoever did not prove who they are hears nothing', () => {
  for (const standing of ['unverified', 'unregistered', 'retired'] as const) {
    expect(planFeedback(entry('received', { alarmId: 'A' }), 'inc', [alarm('A', { standing })])).toEqual([]);
  }
});

test('lines of the log that are no milestone say nothing', () => {
  for (const type of ['claim', 'note', 'resolve', 'rang', 'pressed', 'toString', '__proto__']) {
    expect(planFeedback(entry(type), 'inc', [alarm('A')])).toEqual([]);
  }
});

test('every stage of the contract can be told and is read back by a device', () => {
  for (const stage of FEEDBACK_STAGES) {
    const [told] = planFeedback(entry(stage, { alarmId: 'A' }), 'inc', [alarm('A')]);
    expect(told?.feedback.stage).toBe(stage);
    expect(told && decodeFeedback(encodeFeedback(told.feedback))).toMatchObject({
      ok: true,
      value: told?.feedback,
      faults: [],
    });
  }
});

test('what is heard is short, whatever was pressed', () => {
  for (const type of DEVICE_ALARM_TYPES) {
    for (const kind of ['alarm', 'cancel', 'restored'] as const) {
      const text = receivedText({ kind, type });
      expect(text.length).toBeGreaterThan(0);
      expect(text.length).toBeLessThanOrEqual(20);
    }
  }
});

test('a device that was handed on is told nothing of its former wearer’s case, a duress of which still silences all', () => {
  const isNew = (event: AlarmEvent): boolean => event.deviceId === 'd2';
  const alarms = [alarm('A', { deviceId: 'd1' }), alarm('B', { deviceId: 'd2' })];
  expect(planFeedback(entry('claimed'), 'inc', alarms, isNew).map(({ deviceId }) => deviceId)).toEqual(['d2']);
  const withDuress = [alarm('A', { deviceId: 'd1', type: 'duress' }), alarm('B', { deviceId: 'd2' })];
  expect(planFeedback(entry('claimed'), 'inc', withDuress, isNew)).toEqual([]);
});

test('who called for nothing hears of a gateway’s own alarm only that somebody comes, and of a loose sensor nothing', () => {
  const raised = (type: 'vitals' | 'sensor-loose'): AlarmEvent => ({
    ...alarm('V'),
    source: { protocol: 'gateway', peer: 'limit-rules' },
    message: { kind: 'alarm', type, faults: [] },
  });
  expect(planFeedback(entry('received', { alarmId: 'V' }), 'inc', [raised('vitals')])).toEqual([]);
  expect(planFeedback(entry('dispatched'), 'inc', [raised('vitals')])).toHaveLength(1);
  expect(planFeedback(entry('resolved'), 'inc', [raised('sensor-loose')])).toEqual([]);
});
