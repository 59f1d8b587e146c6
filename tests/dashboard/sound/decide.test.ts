import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beginMute, decideSound, listSounding, MUTE_MS, type SoundInput } from '../../../dashboard/sound/decide.ts';
import type { Incident } from '../../../gateway/api/contract/incident.ts';
import { buildIncident, T0 } from '../build-incident.ts';

const sos = buildIncident({ id: 'sos' });
const water = buildIncident({ id: 'water', type: 'water', priority: 2 });
const service = buildIncident({ id: 'service', type: 'service', priority: 3 });
const battery = buildIncident({ id: 'battery', type: 'low-battery', priority: 4 });
const listener = { id: 'me', roles: ['operator' as const], regions: ['yuyao'], isOnDuty: true };
const quiet = (incident: Incident): Incident => ({ ...incident, ringing: false });
const decide = (incidents: Incident[], changes: Partial<SoundInput> = {}) =>
  decideSound({ incidents, listener, nowMs: T0, mute: null, isLost: false, ...changes });

test.each([
  ['nothing', [], null],
  ['a life', [water, sos], 'high'],
  ['something urgent', [service, water], 'medium'],
  ['a service', [service], 'low'],
  ['a battery', [battery], 'low'],
  ['cases that do not ring', [quiet(sos), quiet(water)], null],
  ['a closed case', [{ ...sos, state: 'resolved' as const }], null],
])('%s sounds %s', (_what, incidents, pattern) => {
  expect(decide(incidents).pattern).toBe(pattern);
});

test('technical matters are silent while a life or something urgent waits, owned by nobody or ringing', () => {
  expect(decide([battery, quiet(sos)]).pattern).toBeNull();
  expect(decide([battery, water]).pattern).toBe('medium');
  expect(decide([battery, quiet({ ...sos, owner: { id: 'u', name: 'U' } })]).pattern).toBe('low');
});

test('a blind screen sounds, but never over a life', () => {
  expect(decide([], { isLost: true }).pattern).toBe('lost');
  expect(decide([water], { isLost: true }).pattern).toBe('lost');
  expect(decide([sos], { isLost: true }).pattern).toBe('high');
});

test('only what this console can be heard with counts as sounded, not a ring for others, nor under mute or the lost sound', () => {
  const theirs = { ...sos, id: 'theirs', circles: ['owner' as const], owner: { id: 'other', name: 'Wang' } };
  expect([...listSounding(decide([water, theirs]))]).toEqual(['water']);
  expect([...listSounding(decide([water], { isLost: true }))]).toEqual([]);
  expect([...listSounding(decide([water], { mute: beginMute({ pattern: 'high' }, [water], T0) }))]).toEqual([]);
});

test('a mute is short and shows', () => {
  const mute = beginMute({ pattern: 'high' }, [sos], T0);
  expect(decide([sos], { mute, nowMs: T0 + MUTE_MS - 1 })).toMatchObject({ pattern: null, isMuted: true });
  expect(decide([sos], { mute, nowMs: T0 + MUTE_MS }).pattern).toBe('high');
  expect(decide([], { mute }).isMuted).toBe(false);
});

test('another press and another person are heard through a mute, the same ring repeated is not', () => {
  const mute = beginMute({ pattern: 'high' }, [sos], T0);
  expect(decide([{ ...sos, rangAt: 'later', version: 9 }], { mute }).pattern).toBeNull();
  expect(decide([{ ...sos, presses: 2 }], { mute }).pattern).toBe('high');
  expect(decide([sos, { ...water, id: 'new' }], { mute }).pattern).toBe('high');
});

test('the mute key does nothing while nothing sounds, and does not lengthen a mute', () => {
  expect(beginMute(decide([]), [], T0)).toBeNull();
  const mute = beginMute(decide([sos]), [sos], T0);
  expect(mute).toMatchObject({ untilMs: T0 + MUTE_MS });
  expect(beginMute(decide([sos], { mute }), [sos], T0)).toBeNull();
});

test('a clock that is put back does not lengthen a mute', () => {
  expect(decide([sos], { mute: beginMute({ pattern: 'high' }, [sos], T0), nowMs: T0 - 60_000 }).pattern).toBe('high');
});

test('whatever else is there, a ringing life is never silent without a mute', () => {
  const any = fc.constantFrom(sos, water, service, battery, quiet(sos), quiet(water));
  fc.assert(
    fc.property(fc.array(any), fc.boolean(), (others, isLost) => {
      expect(decide([...others, sos], { isLost }).pattern).toBe('high');
    }),
  );
});
