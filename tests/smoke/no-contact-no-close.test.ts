import { beforeAll, expect, test } from 'vitest';
import type { ActionBody } from '../../gateway/api/contract/actions.ts';
import { CONTACT_KINDS, OUTCOMES, type ContactKind } from '../../gateway/api/contract/incident.ts';
import { hire, type Operator } from './world/operator.ts';
import { pressOnce } from './world/press.ts';
import { addDevice } from './world/register.ts';
import { openWorld, pressAndSee, type World } from './world/world.ts';

const CASE_ROLES = ['operator', 'supervisor', 'admin'] as const;
type CaseRole = (typeof CASE_ROLES)[number];
type Closing = ActionBody<'resolve'>;

let world: World;
let people: Record<CaseRole, Operator>;
beforeAll(async () => {
  world = await openWorld();
  const { gateway, admin, operator } = world;
  people = { operator, admin, supervisor: await hire(gateway, admin, { username: 'boss', roles: ['supervisor'] }) };
});

let counter = 0;
async function openCase(type = 'sos') {
  const device = await addDevice(world.gateway, { name: '郑爷爷' });
  counter += 1;
  const { incident } = await pressAndSee(world.feed, device, { type, id: String(counter), at: Date.now() });
  return { device, id: incident.id };
}

async function expectStillOpen(id: string): Promise<void> {
  const detail = await people.admin.detail(id);
  expect(detail.state).not.toBe('resolved');
  expect(detail.next).not.toBeNull();
  expect(detail.log.filter(({ type }) => type === 'resolved' || type === 'resolve')).toEqual([]);
}

/** What closes a priority 1 by itself, what more it needs, and who may (design §4 Closing). */
const RULES = {
  'spoke-with-person': { needs: null, supervisorOnly: false },
  'spoke-with-someone-beside-them': { needs: null, supervisorOnly: false },
  'seen-by': { needs: 'name', supervisorOnly: false },
  'handed-over': { needs: null, supervisorOnly: false },
  'not-established': { needs: 'text', supervisorOnly: true },
  'no-answer': 'never',
} as const satisfies Record<ContactKind, object | 'never'>;

function awaited(role: CaseRole, contact: ContactKind, isWhole: boolean): number {
  const rule = RULES[contact];
  if (rule === 'never') return 422;
  if (rule.supervisorOnly && role === 'operator') return 403;
  return rule.needs === null || isWhole ? 200 : 422;
}

const CASES = CASE_ROLES.flatMap((role) =>
  CONTACT_KINDS.flatMap((contact) => [true, false].map((isWhole) => ({ role, contact, isWhole }))),
);

test.each(CASES)('$role closes with $contact, told in full: $isWhole', async ({ role, contact, isWhole }) => {
  const { id } = await openCase();
  const person = people[role];
  await person.act(id, 'claim', {});
  const more = isWhole ? { name: '社区李姐', text: '去医院，儿子来电确认' } : {};
  const { status, body } = await person.tryTo(id, 'resolve', { outcome: 'helped', contact, ...more });
  expect(status).toBe(awaited(role, contact, isWhole));
  if (status === 200) {
    expect(body).toMatchObject({ state: 'resolved', ringing: false, next: null });
    return;
  }
  expect(body).toMatchObject({ code: status === 403 ? 'forbidden' : 'contact-needed' });
  await expectStillOpen(id);
});

test('no outcome closes without contact, whoever says it', async () => {
  const { id } = await openCase();
  for (const outcome of OUTCOMES) {
    for (const person of Object.values(people)) {
      const { status } = await person.tryTo(id, 'resolve', { outcome, text: '每周都误按' });
      expect(status === 422 || status === 409).toBe(true);
    }
  }
  await expectStillOpen(id);
});

test.each([
  ['spaces for a name', { outcome: 'helped', contact: 'seen-by', name: '  ' }],
  ['spaces for a reason', { outcome: 'other', contact: 'not-established', text: ' \n\t ' }],
  ['a reason for a name', { outcome: 'helped', contact: 'seen-by', text: '邻居' }],
  ['a name for a reason', { outcome: 'other', contact: 'not-established', name: '邻居' }],
] as const satisfies readonly (readonly [string, Closing])[])('%s is nothing', async (_, body) => {
  const { id } = await openCase();
  expect(await people.supervisor.tryTo(id, 'resolve', body)).toMatchObject({ status: 422 });
  await expectStillOpen(id);
});

test.each(['', 'yes', 'Spoke-with-person', null, 1, ['spoke-with-person']])(
  'a contact of %j is a bad request',
  async (contact) => {
    const { id } = await openCase();
    const path = `/incidents/${id}/resolve`;
    const { status, body } = await people.admin.ask('POST', path, { outcome: 'helped', contact });
    expect({ status, body }).toMatchObject({ status: 400, body: { code: 'bad-request' } });
    await expectStillOpen(id);
  },
);

test('unanswered calls, however many, establish nothing', async () => {
  const { id } = await openCase();
  for (const result of ['no-answer', 'busy', 'failed', 'ringing'] as const) {
    await people.operator.act(id, 'call', { number: '+8657412345678', result });
  }
  await people.operator.act(id, 'contact', { kind: 'no-answer' });
  expect(await people.operator.tryTo(id, 'resolve', { outcome: 'false-alarm' })).toMatchObject({ status: 422 });
  await expectStillOpen(id);
});

test('what the device says closes nothing: cancel, and restored of smoke, gas and the key', async () => {
  const { id, device } = await openCase('smoke');
  const sent = [
    { type: 'cancel' },
    { type: 'cancel', of: 'smoke' },
    { type: 'restored', of: 'smoke' },
    { type: 'restored', of: 'sos' },
    { type: 'restored' },
  ];
  for (const [n, message] of sent.entries()) {
    const told = await pressAndSee(world.feed, device, { ...message, id: `r${n}`, at: Date.now() });
    expect(told).toMatchObject({
      entry: { type: 'joined' },
      incident: { id, state: 'open', ringing: true, presses: 1 },
    });
  }
  const { alarms } = await people.operator.detail(id);
  expect(alarms.map(({ kind }) => kind)).toEqual(['alarm', 'cancel', 'cancel', 'restored', 'restored', 'restored']);
  await expectStillOpen(id);
});

test('the fifth false press of a week needs contact like the first', async () => {
  const { id: first, device } = await openCase();
  let id = first;
  for (let turn = 0; turn < 4; turn += 1) {
    await people.operator.act(id, 'resolve', { outcome: 'false-alarm', contact: 'spoke-with-person' });
    const again = await pressAndSee(world.feed, device, { type: 'sos', id: `f${turn}`, at: Date.now() });
    expect(again.incident).toMatchObject({ state: 'open', ringing: true, priority: 1 });
    id = again.incident.id;
  }
  expect(await people.operator.tryTo(id, 'resolve', { outcome: 'false-alarm' })).toMatchObject({ status: 422 });
  await expectStillOpen(id);
});

test('a technical matter that is over is closed by its device, and by a person without contact', async () => {
  const { id, device } = await openCase('mains-lost');
  await pressOnce(device, { type: 'restored', of: 'mains-lost' });
  const ended = await world.feed.until(
    ({ entry, incident }) => incident.id === id && entry.type === 'resolved',
    'its end',
  );
  expect(ended.incident).toMatchObject({ state: 'resolved', next: null });
  const service = await openCase('service');
  expect(await people.operator.act(service.id, 'resolve', { outcome: 'helped' })).toMatchObject({ state: 'resolved' });
});

test('a closed case can be taken up again: it rings and needs contact again', async () => {
  const { id } = await openCase();
  await people.operator.act(id, 'resolve', { outcome: 'helped', contact: 'spoke-with-person' });
  expect(await people.operator.act(id, 'reopen', {})).toMatchObject({ state: 'open', ringing: true, owner: null });
  expect(await people.operator.tryTo(id, 'resolve', { outcome: 'helped' })).toMatchObject({ status: 422 });
});
