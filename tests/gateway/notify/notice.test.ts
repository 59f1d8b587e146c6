import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ALARM_TYPES, type AlarmType } from '../../../devices/alarm-types.ts';
import type { NotificationDraft } from '../../../gateway/incidents/commit.ts';
import type { IncidentRecord } from '../../../gateway/incidents/record.ts';
import { composeNotice } from '../../../gateway/notify/notice.ts';
import type { DirectoryContact } from '../../../gateway/registry/directory.ts';
import { buildDirectory } from '../../../gateway/registry/build-directory.ts';
import { EMPTY_ROWS } from '../../../gateway/registry/rows.ts';
import { NOW, openIncident } from '../incidents/build.ts';

const contact = (id: string, changes: Partial<DirectoryContact> = {}) => ({
  ...{ id, residentId: 'r1', order: 1, name: `名${id}`, relation: null, number: '+8613900000001', hasKey: false },
  ...{ minutesAway: null, language: '粤语', note: 'NOTE', notice: true, mustNotBeTold: false, ...changes },
});
const directory = buildDirectory({
  ...EMPTY_ROWS,
  homes: [{ id: 'h1', region: 'c', address: 'ADDRESS', entrance: 'ENTRANCE', accessPlan: 'CODE 1234' }],
  residents: ['r1', 'r2'].map((id) => ({
    ...{ id, homeId: 'h1', name: id === 'r1' ? '王秀英' : '王建国', number: '+8613900000009', birthYear: 1940 },
    ...{ categories: [], speech: 'SPEECH', health: 'HEALTH' },
  })),
  contacts: [
    contact('son'),
    contact('quiet', { notice: false }),
    contact('veto', { mustNotBeTold: true }),
    { ...contact('other'), residentId: 'r2' },
  ],
  users: [
    { ...{ id: 'u1', username: 'li', name: '李', roles: ['helper'], regions: ['*'], epoch: 1 }, passwordHash: 'x' },
  ],
});

const incident = (changes: Partial<IncidentRecord> = {}): IncidentRecord => ({
  ...openIncident(),
  ...{ homeId: 'h1', residentId: 'r1', region: 'c', ...changes },
});
const draft = (kind: 'user' | 'contact', id: string, changes: Partial<NotificationDraft> = {}): NotificationDraft => ({
  ...{ id: `i:1:${kind}:${id}`, incidentId: 'i', to: { kind, id }, reason: 'step', step: 'contacts', at: NOW },
  ...changes,
});

test('a helper learns who, where and how to get in, and nothing of health or telephone numbers', () => {
  const composed = composeNotice(draft('user', 'u1', { step: 'duty-helpers' }), incident(), directory);
  expect(composed).toMatchObject({
    notice: {
      to: { kind: 'user', id: 'u1', name: '李', username: 'li' },
      resident: { name: '王秀英' },
      home: { address: 'ADDRESS', entrance: 'ENTRANCE', accessPlan: 'CODE 1234' },
      at: '2026-11-21T02:13:00.000Z',
    },
  });
  expect(JSON.stringify(composed)).not.toMatch(/HEALTH|SPEECH|NOTE|\+86/);
});

test('who it is while that is uncertain: everybody of the home, by name', () => {
  const open = incident({ residentId: null, candidates: ['r1', 'r2'] });
  expect(composeNotice(draft('user', 'u1'), open, directory)).toMatchObject({
    notice: { resident: null, candidates: [{ name: '王秀英' }, { name: '王建国' }] },
  });
  const nowhere = incident({ residentId: null, homeId: null, candidates: [] });
  expect(composeNotice(draft('user', 'u1'), nowhere, directory)).toMatchObject({
    notice: { resident: null, home: null },
  });
});

test('a contact learns what happened in plain words, and neither address nor how to get in', () => {
  const composed = composeNotice(draft('contact', 'son'), incident(), directory);
  expect(composed).toMatchObject({
    notice: {
      to: { kind: 'contact', id: 'son', name: '名son', number: '+8613900000001', language: '粤语' },
      resident: { name: '王秀英' },
      text: '王秀英按下了求助键，呼叫中心已收到，正在处理。',
    },
  });
  expect(JSON.stringify(composed)).not.toMatch(/ADDRESS|ENTRANCE|CODE|HEALTH|SPEECH|NOTE|李/);
});

test.each([
  ['user', 'nobody', {}, 'unknown-recipient'],
  ['contact', 'nobody', {}, 'other-person'],
  ['contact', 'other', {}, 'other-person'],
  ['contact', 'son', { residentId: 'r2' }, 'other-person'],
  ['contact', 'son', { residentId: null, candidates: ['r1'] }, 'other-person'],
  ['contact', 'quiet', {}, 'not-chosen'],
  ['contact', 'veto', {}, 'must-not-be-told'],
  ['contact', 'son', { types: ['sos', 'duress'] }, 'silent'],
] as const)('%s %s of a case with %j is not told: %s', (kind, id, changes, withheld) => {
  expect(composeNotice(draft(kind, id), incident(changes), directory)).toEqual({ withheld });
});

test('a helper is told of duress; somebody who may stand beside the phone is not', () => {
  expect(composeNotice(draft('user', 'u1'), incident({ types: ['duress'] }), directory)).toHaveProperty('notice');
});

test('for smoke, gas and CO helpers are told not to enter, whatever the case began with', () => {
  const adviceFor = (types: AlarmType[]) => {
    const composed = composeNotice(draft('user', 'u1'), incident({ types }), directory);
    return 'notice' in composed ? (composed.notice.incident.advice ?? []) : [];
  };
  const some = fc.subarray(Object.keys(ALARM_TYPES) as AlarmType[], { minLength: 1 });
  fc.assert(
    fc.property(some, (types) => {
      const isAir = types.includes('smoke') || types.includes('gas') || types.includes('co');
      expect(adviceFor(types).includes('do-not-enter')).toBe(isAir);
      expect(adviceFor(types).includes('119-first')).toBe(isAir);
      expect(adviceFor(types).includes('no-spark')).toBe(types.includes('gas'));
    }),
  );
});

test.each(Object.keys(ALARM_TYPES) as AlarmType[])('what a %s is has words for both', (type) => {
  for (const [kind, id] of [
    ['user', 'u1'],
    ['contact', 'son'],
  ] as const) {
    const composed = composeNotice(draft(kind, id), incident({ type, types: ['sos'] }), directory);
    expect('notice' in composed ? composed.notice.text : '').toMatch(/^王秀英.{4,60}。$/);
  }
});
