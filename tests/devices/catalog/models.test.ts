import { describe, expect, test } from 'vitest';
import { isDeviceAlarmType } from '../../../devices/alarm-types.ts';
import { genericPendant } from '../../../devices/catalog/generic-pendant.ts';
import { DEVICE_MODELS } from '../../../devices/catalog/models.ts';
import { createCatalog } from '../../../devices/catalog/registry.ts';
import { isDeviceId } from '../../../protocols/mqtt-json/topics.ts';

/** Protocols whose line tells that a device lives. */
const TELLS_LIFE = ['mqtt-json', 'sia-dc09', 'sur-gard'];

describe.each(DEVICE_MODELS.all)('$id', (model) => {
  test('is found by an id that fits into a topic', () => {
    expect(isDeviceId(model.id)).toBe(true);
    expect(DEVICE_MODELS.find(model.id)).toBe(model);
  });

  test('has words in both languages', () => {
    for (const words of [model.name, model.instructions, model.installation, model.fingerprint.looks]) {
      expect(words.zh).toMatch(/\p{Script=Han}/u);
      expect(words.en).toMatch(/^[\p{L}\d\s.,:;()%&*§?!'"/–-]+$/u);
      expect(words.en).not.toMatch(/\p{Script=Han}/u);
    }
  });

  test('has a red key that calls for help, and raises what we have a word for', () => {
    expect(model.keys).toContainEqual({ colour: 'red', raises: 'sos' });
    expect(new Set(model.keys.map((key) => key.colour)).size).toBe(model.keys.length);
    for (const type of [...model.keys.map(({ raises }) => raises), ...model.raises]) {
      expect(isDeviceAlarmType(type), type).toBe(true);
    }
  });

  test('reports at least once a day where its line can tell that it lives, and says nothing twice', () => {
    if (TELLS_LIFE.includes(model.protocol)) expect(model.heartbeatS).not.toBeNull();
    if (model.heartbeatS !== null) {
      expect(model.heartbeatS).toBeGreaterThanOrEqual(30);
      expect(model.heartbeatS).toBeLessThanOrEqual(86_400);
    }
    expect(new Set(model.raises).size).toBe(model.raises.length);
    expect(new Set(model.metrics).size).toBe(model.metrics.length);
    expect(new Set(model.fingerprint.codes).size).toBe(model.fingerprint.codes.length);
  });

  test('tells of its battery what its table says', () => {
    if (model.battery === null) expect(model.raises).not.toContain('low-battery');
    else if (model.battery.tells === 'percent') expect(model.battery.lowPct).toBeGreaterThan(0);
    else expect(model.battery.lowPct).toBeNull();
    if (model.battery?.tells === 'alarm') expect(model.raises).toContain('low-battery');
    if (model.mobility === 'carried') expect(model.battery).not.toBeNull();
  });

  test('is known by its frames where they say more than a number', () => {
    const { frame } = model.fingerprint;
    expect(frame === null).toBe(model.protocol === 'caller-id' || model.protocol === 'sms');
    const alarms = model.golden.filter(({ topic, means }) => topic !== 'status' && means !== 'heartbeat');
    for (const golden of frame === null ? [] : alarms) {
      expect('text' in golden.frame ? golden.frame.text : '').toMatch(frame ?? /^$/u);
    }
  });
});

test('there are at least twelve beside the generic four, of every protocol, and some that dial 120 by themselves', () => {
  const ids = DEVICE_MODELS.all.map((model) => model.id);
  expect(ids.slice(0, 4)).toEqual(['generic-one-touch', 'generic-pendant', 'generic-wearable', 'generic-home-gateway']);
  expect(ids.length).toBeGreaterThanOrEqual(16);
  expect(new Set(DEVICE_MODELS.all.map(({ protocol }) => protocol))).toEqual(
    new Set(['mqtt-json', 'sia-dc09', 'sur-gard', 'caller-id', 'sms']),
  );
  expect(new Set(DEVICE_MODELS.all.map(({ dials120 }) => dials120)).size).toBe(2);
});

test('a model that nobody knows is not found', () => {
  expect(DEVICE_MODELS.find('constructor')).toBeUndefined();
});

test('the same id twice is refused at start', () => {
  expect(() => createCatalog([genericPendant, { ...genericPendant }])).toThrow(/generic-pendant is registered twice/);
});
