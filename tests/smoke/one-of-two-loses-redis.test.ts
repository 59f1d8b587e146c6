import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import type { IncidentDetail } from '../../gateway/api/contract/incident.ts';
import { until } from '../harness/until.ts';
import { addDevice } from './world/register.ts';
import { openTwoSides, type Side, type TwoSides } from './world/two-sides.ts';

let sides: TwoSides;
let people = 0;
beforeAll(async () => {
  sides = await openTwoSides();
});

/** Somebody with two devices, known to both gateways. */
async function addPerson() {
  const { far, near } = sides;
  people += 1;
  const device = await addDevice(far.gateway, { name: `林奶奶 ${people}` });
  const isKnown = async (): Promise<boolean> =>
    (await near.operator.ask('GET', `/residents/${device.residentId ?? ''}`)).status === 200;
  await until(isKnown, { timeoutMs: 5_000, what: 'the resident at the other gateway' });
  return device;
}

/** Every case of a person, the same on both sides. */
async function casesOf(residentId: string | null, presses: number): Promise<readonly IncidentDetail[]> {
  const load = async ({ operator }: Side): Promise<IncidentDetail[]> => {
    const { items } = await operator.list('state=all');
    const own = items.filter((item) => item.residentId === residentId).map(({ id }) => id);
    return Promise.all(own.toSorted().map((id) => operator.detail(id)));
  };
  return until(
    async () => {
      const [near, far] = [await load(sides.near), await load(sides.far)];
      // A lease is counted by each gateway, and what comes next from it.
      const plain = (cases: readonly IncidentDetail[]): unknown =>
        cases.map(({ next: _next, leaseUntil: _lease, ...rest }) => rest);
      expect(plain(near)).toEqual(plain(far));
      expect(far.reduce((sum, { alarms }) => sum + alarms.length, 0)).toBe(presses);
      return far;
    },
    { timeoutMs: 10_000, what: 'the same cases on both sides' },
  );
}

const WAYS = ['cut', 'stalled', 'swallowed'] as const;

test.each(WAYS)('one of two gateways has its line to Redis %s: one case with all that was done', async (way) => {
  const { near, far } = sides;
  const [known, fresh, left] = [await addPerson(), await addPerson(), await addPerson()];
  await far.press(known, `${way} 0`);
  const knownCase = await near.caseOf(known.residentId);
  await sides.part(way);

  await near.press(known, `${way} 1`);
  await far.press(known, `${way} 2`);
  await far.press(fresh, `${way} 3`);
  const freshFar = await far.caseOf(fresh.residentId);
  await near.press(fresh, `${way} 4`);
  const freshNear = await near.caseOf(fresh.residentId);
  await near.press(left, `${way} 5`);
  await near.feed.until(({ incident }) => incident.residentId === left.residentId, 'the press without Redis');
  // Who is first at either side has it.
  await near.operator.act(knownCase, 'claim', {});
  await near.operator.act(knownCase, 'note', { text: `${way}: she is talking` });
  await far.operator.act(freshFar, 'claim', {});
  await far.operator.act(freshFar, 'note', { text: `${way}: nobody answers` });
  await delay(20);
  await far.operator.act(knownCase, 'claim', {});
  await near.operator.act(freshNear, 'claim', {});
  await near.operator.act(freshNear, 'note', { text: `${way}: her son is coming` });

  await sides.join();
  const [[one, ...none], [other, ...nothing], [alone]] = [
    await casesOf(known.residentId, 3),
    await casesOf(fresh.residentId, 2),
    await casesOf(left.residentId, 1),
  ];
  expect([none, nothing]).toEqual([[], []]);
  expect(one).toMatchObject({ id: knownCase, presses: 3, owner: { id: near.operator.user.id } });
  expect(other).toMatchObject({ presses: 2, owner: { id: far.operator.user.id } });
  expect(alone).toMatchObject({ state: 'open', ringing: true, presses: 1, flags: ['degraded'] });
  // Who lost it is told, on both screens' stream.
  const lost = (of: IncidentDetail | undefined): unknown[] =>
    (of?.log ?? [])
      .filter(({ type, data }) => type === 'lapsed' && data['reason'] === 'claimed-by-other')
      .map(({ data }) => data['userId']);
  expect(lost(one)).toEqual([far.operator.user.id]);
  expect(lost(other)).toEqual([near.operator.user.id]);
  for (const incidentId of [one?.id, other?.id]) {
    await far.feed.until(({ incident, entry }) => incident.id === incidentId && entry.type === 'lapsed', 'who lost it');
  }
  for (const text of [`${way}: she is talking`, `${way}: her son is coming`]) {
    await far.feed.until(({ entry }) => entry.data['text'] === text, 'what was said at the other side');
  }
  for (const [text, of] of [
    [`${way}: she is talking`, one],
    [`${way}: nobody answers`, other],
    [`${way}: her son is coming`, other],
  ] as const) {
    expect(of?.log.filter(({ data }) => data['text'] === text)).toHaveLength(1);
  }
  // The line works in both directions again, and nothing rings on that somebody attends to.
  await far.press(left, `${way} 6`);
  await near.feed.until(
    ({ entry, incident, eventId }) => incident.id === alone?.id && entry.type === 'joined' && eventId !== '',
    'a press at the far side on the near screen',
  );
  await near.operator.act(knownCase, 'note', { text: 'done' });
  await far.operator.act(String(other?.id), 'note', { text: 'done' });
  await far.operator.act(String(alone?.id), 'claim', {});
  for (const { operator } of [near, far]) {
    const ids = new Set([known, fresh, left].map(({ residentId }) => residentId));
    const items = (await operator.list()).items.filter(({ residentId }) => ids.has(residentId));
    expect(items.map(({ ringing }) => ringing)).toEqual([false, false, false]);
  }
});
