import { beforeAll, expect, test } from 'vitest';
import type { Problem } from '../../gateway/api/contract/problem.ts';
import { hire, type Operator } from './world/operator.ts';
import { addDevice } from './world/register.ts';
import { countLines, openWorld, pressAndSee, type World } from './world/world.ts';

let world: World;
let li: Operator;
let wang: Operator;
beforeAll(async () => {
  world = await openWorld();
  li = world.operator;
  wang = await hire(world.gateway, world.admin, { username: 'wang', by: 'token' });
});

async function openCase() {
  const device = await addDevice(world.gateway, { name: '吴奶奶' });
  return { device, ...(await pressAndSee(world.feed, device, '{"type":"sos"}')).incident };
}

test('of two who claim at the same moment one has it and the other is told who', async () => {
  for (let round = 0; round < 15; round += 1) {
    const { id } = await openCase();
    const pair = round % 2 === 0 ? [li, wang] : [wang, li];
    const answers = await Promise.all(
      pair.map(async (person) => ({ person, ...(await person.tryTo<'claim', Problem>(id, 'claim', {})) })),
    );
    const winner = answers.find(({ status }) => status === 200);
    const loser = answers.find(({ status }) => status === 409);
    if (winner === undefined || loser === undefined) throw new Error(JSON.stringify(answers));
    const owner = { id: winner.person.user.id, name: winner.person.user.name };
    expect(winner.body).toMatchObject({ id, state: 'claimed', owner, ringing: false });
    expect(loser.body).toMatchObject({ code: 'claimed-by-other', incident: { id, state: 'claimed', owner } });
    expect(await loser.person.detail(id)).toMatchObject({ state: 'claimed', owner });
    // The action and its milestone, once.
    expect(await countLines(li, id)).toMatchObject({ claim: 1, claimed: 1 });
  }
});

test('a claim and a first call by another at the same moment leave one owner', async () => {
  for (let round = 0; round < 10; round += 1) {
    const { id } = await openCase();
    await Promise.all([
      li.tryTo(id, 'claim', {}),
      wang.tryTo(id, 'call', { number: '+8657412345678', result: 'ringing' }),
    ]);
    const { owner } = await li.detail(id);
    expect([li.user.id, wang.user.id]).toContain(owner?.id);
    expect(await countLines(li, id)).toMatchObject({ claimed: 1 });
  }
});

test('every console is told who has it', async () => {
  const feed = await wang.listen();
  const { id } = await openCase();
  await li.act(id, 'claim', {});
  const told = await feed.until(({ entry, incident }) => incident.id === id && entry.type === 'claim', 'the claim');
  expect(told).toMatchObject({ entry: { actor: `user:${li.user.id}` }, incident: { owner: { id: li.user.id } } });
});

test('the owner is a person: a second console of hers, and a repeated claim, change nothing', async () => {
  const { id } = await openCase();
  const claimed = await li.act(id, 'claim', {});
  const again = await Promise.all([li.act(id, 'claim', {}), li.act(id, 'claim', {})]);
  // What she does is a sign of life: her lease ends later each time.
  const { leaseUntil: _, ...kept } = claimed;
  for (const answer of again) expect(answer).toMatchObject(kept);
});

test('only the owner or a supervisor releases or closes; a colleague may note', async () => {
  const { id } = await openCase();
  await li.act(id, 'claim', {});
  const body = { outcome: 'helped', contact: 'spoke-with-person' } as const;
  expect(await wang.tryTo(id, 'release', {})).toMatchObject({ status: 409, body: { code: 'claimed-by-other' } });
  expect(await wang.tryTo(id, 'resolve', body)).toMatchObject({ status: 409, body: { code: 'claimed-by-other' } });
  expect(await wang.act(id, 'note', { text: '邻居来过电话' })).toMatchObject({ owner: { id: li.user.id } });

  expect(await li.act(id, 'release', {})).toMatchObject({ state: 'open', owner: null, ringing: true });
  expect(await wang.act(id, 'claim', {})).toMatchObject({ owner: { id: wang.user.id } });
  expect(await li.tryTo(id, 'claim', {})).toMatchObject({ status: 409 });
  const boss = await hire(world.gateway, world.admin, { username: 'boss', roles: ['supervisor'] });
  expect(await boss.act(id, 'release', {})).toMatchObject({ state: 'open', owner: null });
});

test('twelve who claim at once leave one owner', async () => {
  const crowd = await Promise.all(
    Array.from({ length: 10 }, (_, n) => hire(world.gateway, world.admin, { username: `crowd-${n}`, by: 'token' })),
  );
  const { id } = await openCase();
  const answers = await Promise.all([...crowd, li, wang].map((person) => person.tryTo(id, 'claim', {})));
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, ...Array<number>(11).fill(409)]);
});
