import { pino } from 'pino';
import { expect, test } from 'vitest';
import { asEventId, type AlarmEvent } from '../../../../devices/event.ts';
import { createDeviceFeedback } from '../../../../gateway/notify/channels/device-feedback.ts';

const logger = pino({ level: 'silent' });
const sos: AlarmEvent = {
  id: asEventId('A'),
  deviceId: 'd1',
  receivedAt: 1,
  gatewayId: 'g',
  standing: 'verified',
  source: { protocol: 'mqtt-json', peer: 'p' },
  message: { kind: 'alarm', type: 'sos', id: '5', faults: [] },
  raw: '',
};
const received = { type: 'received', at: 1_700_000_000_000, data: { alarmId: 'A' } };

function world(store: {
  loadEvents?: () => Promise<AlarmEvent[]>;
  loadText?: (key: string) => Promise<string | null>;
}) {
  const sent: [string, string, Record<string, unknown>][] = [];
  const feedback = createDeviceFeedback({
    store: { loadEvents: () => Promise.resolve([sos]), loadText: () => Promise.resolve(null), ...store },
    link: {
      publish: async (deviceId, subtopic, payload) => {
        sent.push([deviceId, subtopic, JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>]);
      },
    },
    isStillWorn: () => true,
    logger,
  });
  return { sent, feedback };
}

test('an entry of an incident goes down to its device in the order of the log', async () => {
  const { sent, feedback } = world({});
  feedback.take(received, { id: 'inc' });
  feedback.take({ ...received, type: 'claimed' }, { id: 'inc' });
  await feedback.settled();
  expect(
    sent.map(([deviceId, subtopic, { stage, id, incidentId }]) => [deviceId, subtopic, stage, id, incidentId]),
  ).toEqual([
    ['d1', 'feedback', 'received', '5', 'inc'],
    ['d1', 'feedback', 'claimed', '5', 'inc'],
  ]);
});

test('an alarm that opened nothing is found under its own id', async () => {
  const keys: string[] = [];
  const { sent, feedback } = world({
    loadText: async (key) => {
      keys.push(key);
      return JSON.stringify(sos);
    },
  });
  feedback.take(received, null);
  await feedback.settled();
  expect(keys).toEqual(['{zj}:event:A']);
  expect(sent[0]?.[2]).toMatchObject({
    alarmId: 'A',
    incidentId: null,
    stage: 'received',
    at: '2023-11-14T22:13:20.000Z',
  });
});

test('a store that fails costs one message and not the next', async () => {
  let isBroken = true;
  const { sent, feedback } = world({
    loadEvents: async () => {
      if (isBroken) throw new Error('no Redis');
      return [sos];
    },
  });
  feedback.take(received, { id: 'inc' });
  await feedback.settled();
  isBroken = false;
  feedback.take(received, { id: 'inc' });
  await feedback.settled();
  expect(sent).toHaveLength(1);
});

test('lines without a stage ask the store for nothing', async () => {
  const { sent, feedback } = world({ loadEvents: () => Promise.reject(new Error('asked')) });
  feedback.take({ type: 'note', at: 1, data: {} }, { id: 'inc' });
  await feedback.settled();
  expect(sent).toEqual([]);
});
