import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeptSessions } from '../../../../devices/links/mqtt/kept-sessions.ts';

const bounds = { sessions: 5, sessionsPerDevice: 2, queuedPerSession: 3, queued: 8 };
const feedback = (deviceId: string, brokerCounter: number) => ({ topic: `zj/v1/${deviceId}/feedback`, brokerCounter });
const own = (deviceId: string) => [{ topic: `zj/v1/${deviceId}/feedback`, qos: 1 as const }];

test('the oldest message goes when a session is full, the longest unused session when there are too many', () => {
  const sessions = new KeptSessions(bounds);
  sessions.subscribe('k0', 'd0', own('d0'));
  for (let i = 1; i <= 4; i++) sessions.enqueue('k0', feedback('d0', i));
  expect(sessions.queue('k0').map(({ brokerCounter }) => brokerCounter)).toEqual([2, 3, 4]);
  for (let i = 1; i < 5; i++) sessions.subscribe(`k${i}`, `d${i}`, own(`d${i}`));
  sessions.reopen('k0');
  sessions.subscribe('k5', 'd5', own('d5'));
  expect(sessions.reopen('k1')).toEqual([]);
  expect(sessions.queue('k0')).toHaveLength(3);
  expect(sessions.stats).toMatchObject({ sessions: 5, discarded: 1 });
});

test('the bound on all messages takes from the session that was longest away', () => {
  const sessions = new KeptSessions(bounds);
  for (const n of [0, 1, 2]) sessions.subscribe(`k${n}`, `d${n}`, own(`d${n}`));
  for (const n of [0, 1, 2]) for (let i = 0; i < 3; i++) sessions.enqueue(`k${n}`, feedback(`d${n}`, i));
  expect(sessions.stats.queued).toBe(8);
  expect([0, 1, 2].map((n) => sessions.queue(`k${n}`).length)).toEqual([2, 3, 3]);
});

test('one device cannot fill the store with sessions of its own', () => {
  const sessions = new KeptSessions(bounds);
  for (let i = 0; i < 50; i++) sessions.subscribe(`k${i}`, 'd1', own('d1'));
  expect(sessions.stats.sessions).toBe(2);
  expect(sessions.interestedIn('zj/v1/d1/feedback')).toEqual(['k48', 'k49']);
});

test('filters on anything but the device’s own down topics are not kept', () => {
  const sessions = new KeptSessions(bounds);
  sessions.subscribe('k', 'd1', [
    { topic: 'zj/v1/d2/feedback', qos: 1 },
    { topic: '#', qos: 1 },
    { topic: 'zj/v1/d1/alarm', qos: 1 },
  ]);
  expect(sessions.stats.sessions).toBe(0);
});

test('QoS 0 filters keep nothing for later, wildcards are interested once', () => {
  const sessions = new KeptSessions(bounds);
  sessions.subscribe('k1', 'd1', [{ topic: 'zj/v1/d1/feedback', qos: 0 }]);
  sessions.subscribe('k2', 'd1', [...own('d1'), { topic: 'zj/v1/d1/#', qos: 2 }]);
  expect(sessions.interestedIn('zj/v1/d1/feedback')).toEqual(['k2']);
  expect(sessions.interestedIn('zj/v1/d1/command')).toEqual(['k2']);
  expect(sessions.interestedIn('zj/v1/d1/alarm')).toEqual([]);
  expect(sessions.interestedIn('nowhere')).toEqual([]);
});

test('a message is forgotten by the identifier that it went out with', () => {
  const sessions = new KeptSessions(bounds);
  sessions.subscribe('k', 'd1', own('d1'));
  sessions.enqueue('k', feedback('d1', 1));
  sessions.number('k', { ...feedback('d1', 1), messageId: 77 });
  expect(sessions.acknowledge('k', 78)).toBeUndefined();
  expect(sessions.acknowledge('k', 77)).toMatchObject({ brokerCounter: 1 });
  expect(sessions.acknowledge('k', 77)).toBeUndefined();
  expect(sessions.stats.queued).toBe(0);
});

test('whatever happens in whatever order, the bounds hold and the count is true', () => {
  const key = fc.integer({ min: 0, max: 9 });
  const step = fc.oneof(
    fc.tuple(fc.constantFrom('subscribe', 'reopen', 'forget', 'enqueue', 'acknowledge', 'forgetDevice'), key),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const sessions = new KeptSessions(bounds);
      let counter = 0;
      for (const [what, n] of steps) {
        const deviceId = `d${n % 3}`;
        if (what === 'subscribe') sessions.subscribe(`k${n}`, deviceId, own(deviceId));
        if (what === 'reopen') sessions.reopen(`k${n}`);
        if (what === 'forget') sessions.forget(`k${n}`);
        if (what === 'enqueue') sessions.enqueue(`k${n}`, { ...feedback(deviceId, (counter += 1)), messageId: n });
        if (what === 'acknowledge') sessions.acknowledge(`k${n}`, n);
        if (what === 'forgetDevice') sessions.forgetDevice(deviceId);
        const queued = Array.from({ length: 10 }, (_, k) => sessions.queue(`k${k}`).length);
        expect(Math.max(...queued)).toBeLessThanOrEqual(bounds.queuedPerSession);
        expect(queued.reduce((sum, length) => sum + length, 0)).toBe(sessions.stats.queued);
        expect(sessions.stats.queued).toBeLessThanOrEqual(bounds.queued);
        expect(sessions.stats.sessions).toBeLessThanOrEqual(bounds.sessions);
      }
    }),
  );
});
