import { describe, expect, test } from 'vitest';
import { ALARM_TYPES, DEVICE_ALARM_TYPES, type AlarmType } from '../../../devices/alarm-types.ts';
import type { AlarmFacts } from '../../../gateway/incidents/facts.ts';
import { findMerge, MERGE_TABLE, SAME_REQUEST_MS } from '../../../gateway/incidents/merge.ts';
import type { OpenIncident } from '../../../gateway/incidents/record.ts';
import { EMERGENCIES, factsOf, NOW, openIncident, pressed } from './build.ts';

const open = {
  emergency: openIncident({ type: 'sos' }),
  service: openIncident({ type: 'service' }),
  technical: openIncident({ type: 'low-battery' }),
  test: openIncident({ type: 'test' }),
  drill: openIncident({ type: 'sos', flags: ['drill'] }),
};
const all = Object.values(open);

function facts(type: AlarmType, changes: Partial<AlarmFacts> = {}): AlarmFacts {
  return { ...factsOf(pressed({ message: { type } })), ...changes };
}

type Example = {
  readonly alarm: AlarmFacts;
  readonly joins: readonly OpenIncident[];
  readonly leaves: readonly OpenIncident[];
  readonly atMs?: number;
};

/** Each row of the table, by its name: what it lets join, and what beside it stays apart. */
const EXAMPLES: Record<(typeof MERGE_TABLE)[number]['name'], readonly Example[]> = {
  'a drill joins a drill and nothing else does': [
    {
      alarm: facts('sos', { flags: ['drill'] }),
      joins: [open.drill],
      leaves: [open.emergency, open.service, open.technical, open.test],
    },
    {
      alarm: facts('service', { flags: ['drill'] }),
      joins: [openIncident({ type: 'service', flags: ['drill'] })],
      leaves: [open.service, open.drill],
    },
  ],
  'an emergency joins the open emergency': EMERGENCIES.map((type) => ({
    alarm: facts(type),
    joins: [open.emergency, openIncident({ type: 'water', state: 'shelved' }), openIncident({ state: 'with-person' })],
    leaves: [open.service, open.technical, open.test, open.drill],
  })),
  'a service request joins the open one while it is fresh': [
    {
      alarm: facts('service'),
      joins: [open.service, openIncident({ type: 'service', state: 'claimed', ownerId: 'u1' })],
      leaves: [open.emergency, open.technical, open.test, openIncident({ type: 'service', flags: ['drill'] })],
      atMs: NOW + SAME_REQUEST_MS,
    },
    { alarm: facts('service'), joins: [], leaves: [open.service], atMs: NOW + SAME_REQUEST_MS + 1 },
  ],
  'a technical alarm joins the open one of its type': [
    {
      alarm: facts('low-battery'),
      joins: [open.technical],
      leaves: [open.emergency, open.service, open.test, openIncident({ type: 'tamper' })],
    },
    { alarm: facts('low-battery'), joins: [], leaves: [openIncident({ type: 'low-battery', deviceId: 'pendant-2' })] },
    {
      alarm: facts('sensor-loose'),
      joins: [openIncident({ type: 'sensor-loose', state: 'claimed', ownerId: 'u1' })],
      leaves: [open.emergency, open.technical, openIncident({ type: 'sensor-loose', deviceId: 'pendant-2' })],
    },
    {
      alarm: facts('system', { deviceId: null, subject: 'system:disk-low' }),
      joins: [openIncident({ type: 'system', deviceId: null, subject: 'system:disk-low' })],
      leaves: [openIncident({ type: 'no-coverage', deviceId: null, subject: 'system:disk-low' })],
    },
  ],
  'everything else opens': [{ alarm: facts('test'), joins: [], leaves: all }],
};

describe('The merge table', () => {
  test.each(MERGE_TABLE.map(({ name }) => name))('%s', (name) => {
    const examples = EXAMPLES[name];
    expect(examples.length).toBeGreaterThan(0);
    for (const { alarm, joins, leaves, atMs = NOW } of examples) {
      const row = MERGE_TABLE.find((each) => each.lanes.some((lane) => lane === alarm.lane) && each.name === name);
      expect(row?.name).toBe(name);
      for (const each of joins) expect(findMerge(alarm, [each], atMs)).toBe(each);
      for (const each of leaves) expect(findMerge(alarm, [each], atMs)).toBeNull();
      expect(findMerge(alarm, leaves, atMs)).toBeNull();
    }
  });

  test('has a row for every type, and the last takes what is left', () => {
    for (const type of DEVICE_ALARM_TYPES) {
      expect(MERGE_TABLE.some((row) => row.lanes.some((lane) => lane === ALARM_TYPES[type].lane))).toBe(true);
    }
    expect(MERGE_TABLE.at(-1)?.lanes).toHaveLength(4);
  });

  test('of several open emergencies lets the most urgent be joined, then the oldest', () => {
    const water = openIncident({ type: 'water', openedAt: NOW - 3 });
    const younger = openIncident({ type: 'fall', openedAt: NOW - 1 });
    const older = openIncident({ type: 'sos', openedAt: NOW - 2 });
    expect(findMerge(facts('sos'), [water, younger, older], NOW)).toBe(older);
    expect(findMerge(facts('sos'), [water], NOW)).toBe(water);
  });
});
