import { describe, expect, test } from 'vitest';
import { ALARM_TYPES, DEVICE_ALARM_TYPES } from '../../../devices/alarm-types.ts';
import { findMerge, MERGE_TABLE } from '../../../gateway/incidents/merge.ts';
import { EMERGENCIES, factsOf, NOW, openIncident, pressed } from './build.ts';

const open = {
  emergency: openIncident({ type: 'sos' }),
  service: openIncident({ type: 'service' }),
  technical: openIncident({ type: 'low-battery' }),
  test: openIncident({ type: 'test' }),
  drill: openIncident({ type: 'sos', flags: ['drill'] }),
};
const all = Object.values(open);

describe('Merging', () => {
  test.each(EMERGENCIES)('%s joins the open emergency and nothing else', (type) => {
    expect(findMerge(factsOf(pressed({ message: { type } })), all)).toBe(open.emergency);
    const others = all.filter((each) => each !== open.emergency);
    expect(findMerge(factsOf(pressed({ message: { type } })), others)).toBeNull();
  });

  test('a technical alarm joins only the open one of its device and type', () => {
    const facts = factsOf(pressed({ message: { type: 'low-battery' } }));
    expect(findMerge(facts, all)).toBe(open.technical);
    expect(findMerge(facts, [openIncident({ type: 'tamper' })])).toBeNull();
    expect(findMerge(facts, [openIncident({ type: 'low-battery', deviceId: 'pendant-2' })])).toBeNull();
  });

  test('the green key always opens a case of its own', () => {
    expect(findMerge(factsOf(pressed({ message: { type: 'service' } })), all)).toBeNull();
  });

  test('of several open emergencies the most urgent is joined, then the oldest', () => {
    const water = openIncident({ type: 'water', openedAt: NOW - 3 });
    const younger = openIncident({ type: 'fall', openedAt: NOW - 1 });
    const older = openIncident({ type: 'sos', openedAt: NOW - 2 });
    expect(findMerge(factsOf(pressed()), [water, younger, older])).toBe(older);
    expect(findMerge(factsOf(pressed()), [water])).toBe(water);
  });

  test('every type that a device may send finds its row, and the last row takes what is left', () => {
    for (const type of DEVICE_ALARM_TYPES) {
      expect(MERGE_TABLE.some((row) => (row.lanes as readonly string[]).includes(ALARM_TYPES[type].lane))).toBe(true);
    }
    expect(MERGE_TABLE.at(-1)?.lanes).toHaveLength(4);
  });
});
