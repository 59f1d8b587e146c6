import { expect, test } from 'vitest';
import { choosePolicy } from '../../../../gateway/escalation/policies.ts';
import { EMPTY_INDEX } from '../../../../gateway/incidents/open-index.ts';
import { planUnprocessed, readRemains } from '../../../../gateway/incidents/dispatch/unprocessed.ts';
import { NOW, pressed } from '../build.ts';

const base = {
  place: { homeId: 'home-1', region: 'yuyao' },
  policy: choosePolicy({ type: 'unprocessed', lane: 'technical', priority: 1, region: 'yuyao', residentId: null }),
  seen: null,
  index: { raw: null, value: EMPTY_INDEX },
  streamId: '5-0',
  nowMs: NOW,
};

test('an alarm that could not be processed keeps its id, its device and its region, and the event beside the log', () => {
  const event = pressed({ message: { text: 'ZHANG-SAN' } });
  const text = JSON.stringify(event);
  const plan = planUnprocessed({ ...base, remains: readRemains('5-0', text) });
  expect(plan.incidents[0]?.record).toMatchObject({
    id: `inc-${event.id}`,
    type: 'unprocessed',
    priority: 1,
    state: 'open',
    ringing: true,
    deviceId: 'pendant-1',
    homeId: 'home-1',
    region: 'yuyao',
  });
  expect(plan.events).toEqual([{ id: event.id, incidentId: `inc-${event.id}`, json: text }]);
  expect(plan.guarded).toContainEqual(
    expect.objectContaining({ key: `{zj}:seen:${event.id}`, was: null, becomes: `inc-${event.id}` }),
  );
  expect(JSON.stringify(plan.entries)).not.toContain('ZHANG-SAN');
  expect(plan.ack).toBe('5-0');
});

test.each(['{"id":', 'null', '[]', '{}', '"x"', '{"id":"nope"}'])(
  'of "%s" the words are kept, apart from the log',
  (text) => {
    const plan = planUnprocessed({ ...base, remains: readRemains('5-0', text) });
    expect(plan.incidents[0]?.record).toMatchObject({ id: 'inc-unprocessed-5-0', deviceId: null });
    expect(plan.events).toEqual([]);
    expect(plan.entries[0]).toMatchObject({ type: 'opened', personal: { entry: text } });
  },
);

test('an entry that is gone rings all the same', () => {
  const plan = planUnprocessed({ ...base, remains: readRemains('5-0', null) });
  expect(plan.entries.map(({ type }) => type)).toEqual(['opened', 'rang']);
  expect(plan.entries[0]).not.toHaveProperty('personal');
});

test('a device id that is none is not believed', () => {
  for (const deviceId of [7, {}, '', 'a b', 'x'.repeat(65)]) {
    const text = JSON.stringify({ ...pressed(), deviceId });
    expect(readRemains('5-0', text).deviceId).toBeNull();
  }
});
