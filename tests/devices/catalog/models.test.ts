import { describe, expect, test } from 'vitest';
import { genericPendant } from '../../../devices/catalog/generic-pendant.ts';
import { DEVICE_MODELS } from '../../../devices/catalog/models.ts';
import { createCatalog } from '../../../devices/catalog/registry.ts';
import { isDeviceId } from '../../../protocols/mqtt-json/topics.ts';

describe.each(DEVICE_MODELS.all)('$id', (model) => {
  test('is found by an id that fits into a topic', () => {
    expect(isDeviceId(model.id)).toBe(true);
    expect(DEVICE_MODELS.find(model.id)).toBe(model);
  });

  test('has words in both languages', () => {
    for (const words of [model.name, model.instructions]) {
      expect(words.zh).toMatch(/\p{Script=Han}/u);
      expect(words.en).toMatch(/[a-z]/i);
    }
  });

  test('has a red key that calls for help', () => {
    expect(model.keys).toContainEqual({ colour: 'red', raises: 'sos' });
    expect(new Set(model.keys.map((key) => key.colour)).size).toBe(model.keys.length);
  });

  test('reports within an hour, and says nothing twice', () => {
    expect(model.heartbeatS).toBeGreaterThanOrEqual(30);
    expect(model.heartbeatS).toBeLessThanOrEqual(3600);
    expect(new Set(model.raises).size).toBe(model.raises.length);
    expect(new Set(model.metrics).size).toBe(model.metrics.length);
  });
});

test('the first four models are there', () => {
  expect(DEVICE_MODELS.all.map((model) => model.id)).toEqual([
    'generic-one-touch',
    'generic-pendant',
    'generic-wearable',
    'generic-home-gateway',
  ]);
});

test('a model that nobody knows is not found', () => {
  expect(DEVICE_MODELS.find('constructor')).toBeUndefined();
});

test('the same id twice is refused at start', () => {
  expect(() => createCatalog([genericPendant, { ...genericPendant }])).toThrow(/generic-pendant is registered twice/);
});
