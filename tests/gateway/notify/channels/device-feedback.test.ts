import { pino } from 'pino';
import { expect, test } from 'vitest';
import { asEventId, type AlarmEvent } from '../../../../devices/event.ts';
import type { IncidentRecord } from '../../../../gateway/incidents/record.ts';
import type { LogItem } from '../../../../gateway/incidents/log/log-reader.ts';
import { comparePositions, type LogPosition } from '../../../../gateway/incidents/log/log-position.ts';
import type { FeedbackEntry } from '../../../../gateway/notify/feedback-plan.ts';
import type { MqttFeedback } from '../../../../protocols/mqtt-json/message.ts';
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
const NOW = 1_700_000_000_000;
const MINUTE = 60_000;
const received = { type: 'received', at: NOW, data: { alarmId: 'A' } };

type Sent = readonly [deviceId: string, subtopic: string, told: Record<string, unknown>];

/** A link, a store and a log in memory; the device listens unless told otherwise. */
function world(
  store: {
    loadEvents?: () => Promise<AlarmEvent[]>;
    loadText?: (key: string) => Promise<string | null>;
    loadIncident?: () => Promise<Pick<IncidentRecord, 'types'> | null>;
  } = {},
  log: readonly { readonly id: string; readonly entry: FeedbackEntry }[] = [],
) {
  const sent: Sent[] = [];
  const state = { isListening: true, nowMs: NOW, monoMs: 0, position: null as LogPosition | null, isRedisAway: false };
  const told = new Set<string>();
  const nameOf = (deviceId: string, { alarmId, stage, at }: MqttFeedback): string =>
    JSON.stringify([deviceId, alarmId, stage, at]);
  const fromRedis = async <T>(value: T): Promise<T> => {
    if (state.isRedisAway) throw new Error('no Redis');
    return value;
  };
  const make = () =>
    createDeviceFeedback({
      store: {
        loadEvents: () => Promise.resolve([sos]),
        loadText: () => Promise.resolve(null),
        loadIncident: () => Promise.resolve(null),
        ...store,
      },
      isStillWorn: () => true,
      link: {
        isListening: () => state.isListening,
        publish: async (deviceId, subtopic, payload) => {
          sent.push([deviceId, subtopic, JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>]);
        },
      },
      reader: {
        page: async (after, count) => {
          const later = log.filter(({ id }) => comparePositions(id, after) > 0).slice(0, count);
          return fromRedis(later.map(({ id, entry }) => itemOf(id, entry)));
        },
      },
      memory: {
        loadPosition: () => fromRedis(state.position),
        savePosition: async (position) => {
          state.position = await fromRedis(position);
        },
        noteTold: async (...of) => void (await fromRedis(told.add(nameOf(...of)))),
        wasTold: async (...of) => fromRedis(told.has(nameOf(...of))),
      },
      clock: { nowMs: () => state.nowMs, monoMs: () => state.monoMs },
      logger,
    });
  const stages = () => sent.map(([, , { stage }]) => stage);
  return { sent, stages, state, told, feedback: make(), make };
}

function itemOf(id: string, entry: FeedbackEntry): LogItem {
  const stored = { ...entry, id, incidentId: 'inc', actor: 'system', said: {} };
  return { id: id as LogPosition, entry: stored, incident: null };
}

const at = (ms: number, type: string) => ({
  id: `${NOW + ms}-0`,
  entry: { ...received, type, incidentId: 'inc', at: NOW + ms },
});

test('a case that once had duress is silent, also where that alarm is not among those that are shown', async () => {
  const { sent, feedback } = world({ loadIncident: () => Promise.resolve({ types: ['sos', 'duress'] }) });
  feedback.take(received, { id: 'inc' });
  feedback.take({ ...received, type: 'claimed' }, { id: 'inc' });
  await feedback.settled();
  expect(sent).toEqual([]);
});

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

test('a device that does not listen is told when it does: what was received, and the newest stage alone', async () => {
  const { stages, state, feedback } = world();
  state.isListening = false;
  for (const { entry } of [at(0, 'received'), at(1, 'claimed'), at(2, 'dispatched')])
    feedback.take(entry, { id: 'inc' });
  await feedback.settled();
  expect(stages()).toEqual([]);
  state.isListening = true;
  feedback.listens('another');
  feedback.listens('d1');
  feedback.listens('d1');
  await feedback.settled();
  expect(stages()).toEqual(['received', 'dispatched']);
});

test('what waited for a quarter of an hour is not told any more', async () => {
  const { stages, state, feedback } = world();
  state.isListening = false;
  feedback.take(received, { id: 'inc' });
  await feedback.settled();
  [state.isListening, state.monoMs] = [true, 15 * MINUTE + 1];
  feedback.listens('d1');
  await feedback.settled();
  expect(stages()).toEqual([]);
});

test('what another gateway told the device meanwhile is not told again', async () => {
  const { stages, state, feedback, make } = world();
  state.isListening = false;
  feedback.take(received, { id: 'inc' });
  await feedback.settled();
  state.isListening = true;
  const other = make();
  other.take(received, { id: 'inc' });
  await other.settled();
  feedback.listens('d1');
  await feedback.settled();
  expect(stages()).toEqual(['received']);
});

test('after a start what came since the last entry is told, for a quarter of an hour, and nothing twice', async () => {
  const lines = [
    at(-16 * MINUTE, 'received'),
    at(-3, 'received'),
    at(-2, 'note'),
    at(-1, 'claimed'),
    at(5, 'resolved'),
  ];
  const { stages, state, feedback, make } = world({}, lines);
  state.position = `${NOW - 60 * MINUTE}-0` as LogPosition;
  feedback.catchUp('0-0' as LogPosition);
  feedback.catchUp(`${NOW}-0` as LogPosition);
  feedback.take(at(5, 'resolved').entry, { id: 'inc' }, `${NOW + 5}-0` as LogPosition);
  await feedback.settled();
  expect(stages()).toEqual(['received', 'claimed', 'resolved']);
  // It died before its position was saved.
  state.position = `${NOW - 60 * MINUTE}-0` as LogPosition;
  const next = make();
  next.catchUp(`${NOW + 5}-0` as LogPosition);
  await next.settled();
  expect(stages()).toHaveLength(3);
  expect(state.position).toBe(`${NOW + 5}-0`);
});

test('what is known of the log while Redis is away moves no position', async () => {
  const { state, feedback } = world({}, [at(-3, 'received')]);
  feedback.catchUp('0-0' as LogPosition);
  await feedback.settled();
  expect(state.position).toBeNull();
});

test('a gateway that never ran begins with now; one that cannot read goes on all the same', async () => {
  const { stages, state, feedback } = world({}, [at(-3, 'received')]);
  feedback.catchUp(`${NOW}-0` as LogPosition);
  await feedback.settled();
  expect([stages(), state.position]).toEqual([[], `${NOW}-0`]);
  state.isRedisAway = true;
  feedback.catchUp(`${NOW + 9}-0` as LogPosition);
  feedback.take(at(10, 'claimed').entry, { id: 'inc' }, `${NOW + 10}-0` as LogPosition);
  await feedback.settled();
  expect(stages()).toEqual(['claimed']);
});

test('a device that comes back while Redis is away is told what it missed', async () => {
  const { stages, state, feedback } = world();
  state.isListening = false;
  feedback.take(received, { id: 'inc' });
  await feedback.settled();
  state.isListening = true;
  state.isRedisAway = true;
  feedback.listens('d1');
  await feedback.settled();
  expect(stages()).toEqual(['received']);
});
