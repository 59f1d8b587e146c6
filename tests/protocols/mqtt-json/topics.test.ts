import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coveredDownTopics, formatTopic, isDeviceId, parseTopic } from '../../../protocols/mqtt-json/topics.ts';

test('a topic of a device is taken apart and put together again', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/);
  const subtopic = fc.constantFrom('alarm', 'vitals', 'status', 'feedback', 'command');
  fc.assert(
    fc.property(name, subtopic, (deviceId, part) => {
      expect(parseTopic(formatTopic(deviceId, part))).toEqual({ name: deviceId, subtopic: part });
      expect(isDeviceId(deviceId)).toBe(true);
    }),
  );
});

test.each([
  '',
  'zj/v1/a',
  'zj/v1//alarm',
  'zj/v1/a/alarm/',
  'zj/v1/a/b/alarm',
  '/zj/v1/a/alarm',
  'ZJ/v1/a/alarm',
  'zj/v2/a/alarm',
  'zj/v1/a/toString',
  '$SYS/a',
])('%j is no topic of ours', (topic) => {
  expect(parseTopic(topic)).toBeUndefined();
});

test('a name that no register can know is still told, so that its alarm can ring', () => {
  expect(parseTopic('zj/v1/老王家/alarm')).toEqual({ name: '老王家', subtopic: 'alarm' });
  expect(isDeviceId('老王家')).toBe(false);
  expect(isDeviceId('x'.repeat(65))).toBe(false);
});

test('any text is a topic or not, without an error', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (topic) => void parseTopic(topic)));
});

test('a device may ask for its own down topics and for nothing else', () => {
  expect(coveredDownTopics('zj/v1/d1/feedback', 'd1')).toEqual(['feedback']);
  expect(coveredDownTopics('zj/v1/d1/command', 'd1')).toEqual(['command']);
  expect(coveredDownTopics('zj/v1/d1/#', 'd1')).toEqual(['feedback', 'command']);
  expect(coveredDownTopics('zj/v1/d1/+', 'd1')).toEqual(['feedback', 'command']);
  for (const filter of ['#', '+/#', 'zj/#', 'zj/v1/+/feedback', 'zj/v1/d2/feedback', 'zj/v1/d1/alarm', 'zj/v1/d1']) {
    expect(coveredDownTopics(filter, 'd1')).toEqual([]);
  }
});
