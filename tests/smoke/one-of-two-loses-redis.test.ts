import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import type { IncidentDetail } from '../../gateway/api/contract/incident.ts';
import { until } from '../harness/until.ts';
import { openDatabase } from './world/database.ts';
import { createDice } from './world/dice.ts';
import { addDevice } from './world/register.ts';
import { openTwoSides, type Side, type TwoSides } from './world/two-sides.ts';

let sides: TwoSides;
beforeAll(async () => {
  sides = await openTwoSides();
});

type Person = Awaited<ReturnType<typeof addDevice>>;

/** Four people with a device each, known to both gateways. */
async function addPeople(): Promise<readonly [Person, Person, Person, Person]> {
  const { far, near } = sides;
  const add = (): Promise<Person> => addDevice(far.gateway, { name: '林奶奶' });
  const people = [await add(), await add(), await add(), await add()] as const;
  const isKnown = async ({ residentId }: Person): Promise<boolean> =>
    (await near.operator.ask('GET', `/residents/${residentId ?? ''}`)).status === 200;
  await until(async () => (await Promise.all(people.map(isKnown))).every(Boolean), {
    timeoutMs: 30_000,
    what: 'the residents at the other gateway',
    everyMs: 100,
  });
  return people;
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
    { timeoutMs: 30_000, what: 'the same cases on both sides' },
  );
}

const WAYS = ['cut', 'stalled', 'swallowed'] as const;

test.each(WAYS)('one of two gateways has its line to Redis %s: one case with all that was done', async (way) => {
  const { near, far } = sides;
  const [known, fresh, left] = await addPeople();
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
  // Two sides that moved alarms could not be brought together: this one says so, in a code and in words.
  for (const refused of [
    await near.operator.tryTo(knownCase, 'merge', { into: freshNear }),
    await near.operator.tryTo(knownCase, 'split', { alarmIds: ['one'] }),
  ]) {
    expect(refused).toMatchObject({ status: 503, body: { code: 'degraded' } });
    expect(refused.body).toHaveProperty('detail', expect.stringContaining('while Redis is away'));
  }
  // Who is first at either side has it.
  await near.operator.act(knownCase, 'claim', {});
  await near.operator.act(knownCase, 'note', { text: `${way}: she is talking` });
  await far.operator.act(freshFar, 'claim', {});
  await far.operator.act(freshFar, 'note', { text: `${way}: nobody answers` });
  await delay(20);
  await far.operator.act(knownCase, 'claim', {});
  await near.operator.act(freshNear, 'claim', {});
  await near.operator.act(freshNear, 'note', { text: `${way}: her son is coming` });
  await near.operator.act(freshNear, 'dispatch', { helperId: sides.helperId });
  await until(() => sides.receiver.requests.some(({ body }) => body.includes(freshNear)), {
    timeoutMs: 30_000,
    what: 'the notice for the helper',
  });

  await sides.join();
  const [[one, ...none], [other, ...nothing], [alone]] = [
    await casesOf(known.residentId, 3),
    await casesOf(fresh.residentId, 2),
    await casesOf(left.residentId, 1),
  ];
  expect([none, nothing]).toEqual([[], []]);
  expect(one).toMatchObject({ id: knownCase, presses: 3, owner: { id: near.operator.user.id } });
  expect(other).toMatchObject({ presses: 2, owner: { id: far.operator.user.id } });
  // Who was sent is on the way, whoever has the case, and that they were told stands in it.
  expect(other).toMatchObject({ state: 'dispatched', helper: { id: sides.helperId } });
  await until(
    async () =>
      (await far.operator.detail(String(other?.id))).log.some(
        ({ type, data }) => type === 'notified' && data['result'] === 'sent',
      ),
    { timeoutMs: 30_000, what: 'the note of the notice' },
  );
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
  const ids = new Set([known, fresh, left].map(({ residentId }) => residentId));
  for (const { operator } of [near, far]) {
    const isCalm = async (): Promise<boolean> => {
      const items = (await operator.list()).items.filter(({ residentId }) => ids.has(residentId));
      expect(items.map(({ ringing }) => ringing)).toEqual([false, false, false]);
      return true;
    };
    // What is done at one side reaches the other a moment later.
    await until(isCalm, { timeoutMs: 30_000, what: 'all three to be attended to on both sides' });
  }
});

/** A deadline of 15 s passes in it. */
const APART_MS = 16_500;
const BETWEEN_MS = 400;

test('whatever both sides do while a deadline passes: nothing is lost, nothing counts twice, the history is whole', async () => {
  const { near, far } = sides;
  const { roll } = createDice();
  const oneOf = <T>(from: readonly T[]): T => {
    const value = from[Math.floor(roll() * from.length)];
    if (value === undefined) throw new Error('nothing to choose from');
    return value;
  };
  const [nobodys, ...others] = await addPeople();
  const persons = others.map((person) => ({ ...person, pressed: [] as string[], noted: [] as string[], closed: 0 }));
  await far.press(nobodys, 'nobody comes');
  const waiting = await near.caseOf(nobodys.residentId);
  await sides.part(oneOf(WAYS));
  const end = performance.now() + APART_MS;
  for (let n = 0; performance.now() < end; n += 1) {
    const [side, person, text] = [oneOf([near, far]), oneOf(persons), `word ${n}`];
    const open = (await side.operator.list()).items.find(({ residentId }) => residentId === person.residentId);
    const act = oneOf(['press', 'press', 'claim', 'note', 'note', 'resolve'] as const);
    if (open === undefined || act === 'press') {
      person.pressed.push(text);
      await side.press(person, text);
    } else if (act === 'claim') {
      await side.operator.tryTo(open.id, 'claim', {});
    } else if (act === 'note') {
      if ((await side.operator.tryTo(open.id, 'note', { text })).status === 200) person.noted.push(text);
    } else {
      const body = { outcome: 'helped', contact: 'spoke-with-person' } as const;
      if ((await side.operator.tryTo(open.id, 'resolve', body)).status === 200) person.closed += 1;
    }
    await delay(BETWEEN_MS);
  }
  for (const { feed } of [near, far]) {
    await feed.until(
      ({ incident, entry }) =>
        incident.id === waiting && entry.type === 'rang' && entry.data['step'] === 'all-operators',
      'the deadline on this side',
    );
  }

  await sides.join();
  const ids: string[] = [];
  for (const { residentId, pressed, noted, closed } of persons) {
    const cases = await casesOf(residentId, pressed.length);
    ids.push(...cases.map(({ id }) => id));
    expect(cases.flatMap(({ alarms }) => alarms.map(({ text }) => String(text))).toSorted()).toEqual(
      pressed.toSorted(),
    );
    const lines = cases.flatMap(({ log }) => log);
    const words = lines.filter(({ type }) => type === 'note').map(({ data }) => String(data['text']));
    expect(words.toSorted()).toEqual(noted.toSorted());
    const open = cases.filter(({ state }) => state !== 'resolved');
    expect(open.length).toBeLessThanOrEqual(1);
    if (closed === 0) expect(cases.length).toBe(Math.min(1, pressed.length));
    for (const { id, owner } of open) {
      const person = owner?.id === near.operator.user.id ? near.operator : far.operator;
      await person.act(id, 'note', { text: 'with her' });
      for (const { operator } of [near, far]) {
        const isCalm = async (): Promise<boolean> => !(await operator.detail(id)).ringing;
        await until(isCalm, { timeoutMs: 30_000, what: 'the case to be attended to' });
      }
    }
  }
  const [left, ...more] = await casesOf(nobodys.residentId, 1);
  expect(more).toEqual([]);
  expect(left).toMatchObject({ id: waiting, state: 'open', ringing: true });
  expect((await near.operator.act(waiting, 'claim', {})).ringing).toBe(false);

  const database = await openDatabase(sides.databaseUrl);
  for (const id of [...ids, waiting]) {
    const kept = async (): Promise<boolean> => {
      const sql = 'select position from incident_log where incident_id = $1';
      const positions = (await database.rows<{ position: string }>(sql, [id])).map(({ position }) => position);
      expect(positions.toSorted()).toEqual((await far.operator.detail(id)).log.map((line) => line.id).toSorted());
      return true;
    };
    await until(kept, { timeoutMs: 30_000, what: 'the history' });
  }
  expect(await near.gateway.zhujiJson('audit', 'verify')).toMatchObject({ ok: true, faultCount: 0 });
});
