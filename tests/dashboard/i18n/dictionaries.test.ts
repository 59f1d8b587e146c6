import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DICTIONARIES } from '../../../dashboard/i18n/dictionaries.ts';
import {
  CALL_RESULTS,
  CONTACT_KINDS,
  INCIDENT_FLAGS,
  INCIDENT_STATES,
  OUTCOMES,
} from '../../../gateway/api/contract/incident.ts';
import { PROBLEM_STATUS } from '../../../gateway/api/contract/problem.ts';
import { RESIDENT_CATEGORIES, STATUS_KINDS } from '../../../gateway/api/contract/registry.ts';
import { ALARM_TYPES } from '../../../devices/alarm-types.ts';
import type { AlarmKind, Caller, CallState, Fault } from '../../../devices/event.ts';
import type { DueStep } from '../../../gateway/incidents/deadlines.ts';
import { STEP_TARGETS } from '../../../gateway/incidents/policy.ts';
import { OTHER_CODE } from '../../../gateway/telemetry/system-alarms.ts';

function flatten(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) throw new Error(`${path} is neither text nor a group`);
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner, path === '' ? key : `${path}.${key}`));
}

const zh = new Map(flatten(DICTIONARIES.zh));
const en = new Map(flatten(DICTIONARIES.en));
const fields = (text: string | undefined) => [...(text ?? '').matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);

test('both languages have the same keys', () => {
  expect([...en.keys()].toSorted()).toEqual([...zh.keys()].toSorted());
});

test('no text is empty, and none was left in the other language', () => {
  for (const [key, text] of zh) expect(text.trim(), key).not.toBe('');
  for (const [key, text] of en) {
    expect(text.trim(), key).not.toBe('');
    if (key !== 'shell.bar.language') expect(text, key).not.toMatch(/\p{Script=Han}/u);
  }
});

test('both languages fill in the same fields', () => {
  for (const [key, text] of zh) expect(new Set(fields(en.get(key))), key).toEqual(new Set(fields(text)));
});

/** Every fault that a decoder may find; one that is not here does not compile. */
const FAULTS: Readonly<Record<Fault['code'], true>> = {
  ...{ empty: true, oversized: true, 'not-utf8': true, 'not-json': true, 'too-deep': true, 'not-object': true },
  ...{ 'unknown-type': true, 'bad-field': true, 'too-long': true, 'unknown-code': true, 'wrong-length': true },
  ...{ 'no-time': true, 'wrong-time': true, 'not-decrypted': true },
};

const ASKED = [
  'ring-again',
  'ask-owner',
  'ask-news',
  'ask-colleagues',
  'begin-again',
] as const satisfies readonly DueStep[];

test.each([
  ['words.type', Object.keys(ALARM_TYPES)],
  ['words.state', INCIDENT_STATES],
  ['words.flag', INCIDENT_FLAGS],
  ['words.outcome', OUTCOMES],
  ['words.contact', CONTACT_KINDS],
  ['words.callResult', CALL_RESULTS],
  ['words.callState', ['ringing', 'answered', 'missed', 'ended'] satisfies CallState[]],
  ['words.whose', ['device', 'resident', 'contact', 'unknown', 'withheld'] satisfies Caller['whose'][]],
  ['words.alarmKind', ['alarm', 'cancel', 'restored', 'call'] satisfies AlarmKind[]],
  ['words.fault', [...Object.keys(FAULTS), 'other']],
  ['incident.entry', ['call-answered', 'call-missed', 'call-ended']],
  // Codes of the incidents that the gateway raises about itself, the parts that it watches and its loops.
  [
    'words.trouble',
    [
      ...['gateway-died', 'p3-hole', 'auditor-failed', 'disk-low', 'disk-critical', 'backup-late', OTHER_CODE],
      ...['vitals-not-stored', 'vitals-shed', 'vitals-put-aside', 'webhook-failing', 'sms-failing'],
      ...['nobody-on-duty', 'nobody-reached'],
    ],
  ],
  ['words.troubleOf', ['part-down', 'loop-stuck', 'many-silent', 'nobody-on-duty']],
  [
    'words.part',
    [
      ...['journal', 'redis', 'postgres', 'mqtt', 'dc09', 'projector', 'observations'],
      ...['dispatch', 'log', 'notifier', 'engine', 'auditor', 'redis-watch'],
    ],
  ],
  ['words.category', RESIDENT_CATEGORIES],
  ['words.status', STATUS_KINDS],
  ['words.step', [...ASKED, ...STEP_TARGETS]],
  // What `status` and the readiness page name (design §8), and the loops of the gateway.
  [
    'shell.check',
    ['journal', 'redis', 'postgres', 'mqtt', 'engine', 'projector', 'disk', 'loops', 'vitals', 'silence'],
  ],
  ['shell.failure', Object.keys(PROBLEM_STATUS)],
])('%s has a word for every code of the contract', (group, codes) => {
  for (const code of codes) expect(zh.has(`${group}.${code}`), `${group}.${code}`).toBe(true);
});

/** Keys that are put together at run time are covered by the codes above and by the type checker. */
test('every key that the screens write out is in the dictionaries', () => {
  const root = new URL('../../../dashboard/', import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.tsx?$/.test(path) && !path.startsWith('dist'),
  );
  const used = files.flatMap((path) =>
    [...readFileSync(new URL(path, root), 'utf8').matchAll(/\b(?:t|say)\('([a-z]\w*(?:\.[\w-]+)+)'/g)].map(
      ([, key]) => key ?? '',
    ),
  );
  expect(used.length).toBeGreaterThan(100);
  for (const key of used) expect(zh.has(key), key).toBe(true);
});

test('one role has one name: a supervisor is 主管 everywhere', () => {
  for (const [key, text] of zh) expect(text, key).not.toContain('班长');
});
