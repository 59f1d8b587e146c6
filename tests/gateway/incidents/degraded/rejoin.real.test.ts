import { describe, expect, test } from 'vitest';
import { createRedis } from '../../../harness/redis.ts';
import { colleague, NOW, operator, pressed, register, SECOND } from '../build.ts';
import { connect } from '../world.ts';
import { buildReplay } from '../../../../gateway/incidents/degraded/plan-replay.ts';
import { runCommitScript } from '../../../../gateway/incidents/run-script.ts';
import { at, claim, close, cutOff, note } from './cut-off.ts';

async function start() {
  return cutOff(await connect((await createRedis()).redisUrl));
}

describe('A gateway that rejoins', () => {
  test('where nobody else went on: everything is as it was here, to the letter', async () => {
    const world = await start();
    const { here, onRedis, local } = world;
    const known = (await onRedis.decide(pressed({ deviceId: 'a' }), null)).incidentId ?? '';
    await world.cut();
    const fresh = (await here.decide(pressed({ deviceId: 'b' }), null)).incidentId ?? '';
    await here.act(known, claim);
    await here.act(known, note('she answers'));
    world.pass(20 * SECOND);
    await here.due(fresh);
    await here.decide(at(pressed({ deviceId: 'a' }), NOW + 20 * SECOND), null);
    const asHere = await Promise.all([known, fresh].map((id) => local.store.loadIncident(id)));
    const logHere = await Promise.all(
      [known, fresh].map(async (id) => (await local.store.loadEntries(id)).map(({ type, at: when }) => [type, when])),
    );
    const own: string[] = [];
    await world.rejoin().run((ids) => own.push(...ids));
    expect(await onRedis.store.loadIncidents([known, fresh])).toEqual(asHere);
    for (const [n, id] of [known, fresh].entries()) {
      expect((await onRedis.store.loadEntries(id)).map(({ type, at: when }) => [type, when])).toEqual(logHere[n]);
    }
    expect(await world.notes(known)).toEqual(['she answers']);
    expect((await onRedis.store.loadEvents(known)).length).toBe(2);
    expect(own.length).toBeGreaterThan(6);
  });

  test('that died after Redis had taken some of its steps: put together with later ones they are told all the same, once', async () => {
    const world = await start();
    const { here, onRedis, local } = world;
    const id = (await onRedis.decide(pressed({ deviceId: 'a' }), null)).incidentId ?? '';
    await world.cut();
    const due = async (): Promise<void> => {
      world.pass(20 * SECOND);
      await here.due(id);
    };
    for (let n = 0; n < 2; n += 1) await due();
    const taken = [...local.plans()];
    for (const plan of taken)
      await runCommitScript(
        world.redis,
        buildReplay(plan, () => false),
      );
    world.restart(taken);
    for (let n = 0; n < 6; n += 1) await due();
    expect(local.plans().length).toBeLessThan(4);
    const asHere = await local.store.loadIncident(id);
    const lines = (await local.store.loadEntries(id)).map(({ type, at: when }) => [type, when]);
    await world.rejoin().run(() => undefined);
    expect(await onRedis.store.loadIncident(id)).toMatchObject({ ladder: asHere?.ladder, rangAt: asHere?.rangAt });
    const told = (await onRedis.store.loadEntries(id)).map(({ type, at: when }) => [type, when]);
    expect(told.filter(([type]) => type !== 'rejoined')).toEqual(lines);
  });

  test('with a case that Redis refuses for good: that one is set aside, everything else goes back', async () => {
    const world = await start();
    const { here, onRedis, local, redis } = world;
    await world.cut();
    const bad = (await here.decide(pressed({ deviceId: 'a' }), null)).incidentId ?? '';
    const good = (await here.decide(pressed({ deviceId: 'b' }), null)).incidentId ?? '';
    await here.act(bad, claim);
    // Something else lies under its key.
    await redis.set(`{zj}:incident:${bad}`, 'not a record');
    const rejoin = world.rejoin();
    const state = { isDone: false };
    const whenDone = (): void => {
      state.isDone = true;
    };
    for (let tries = 0; !state.isDone && tries < 12; tries += 1) await rejoin.run(whenDone).catch(() => undefined);
    expect(state.isDone).toBe(true);
    expect(local.plans()).toEqual([]);
    expect((await onRedis.store.loadIncident(good))?.presses).toBe(1);
    expect(world.setAside).toEqual([`${bad} with lines`]);
  });

  test('where a colleague claimed later: ours stands, theirs lapses and is told, every note is kept', async () => {
    const world = await start();
    const { here, onRedis } = world;
    const id = (await onRedis.decide(pressed(), null)).incidentId ?? '';
    await world.cut();
    await here.act(id, claim, operator);
    await here.act(id, note('from here'), operator);
    world.pass(SECOND);
    await onRedis.act(id, claim, colleague);
    await onRedis.act(id, note('from there'), colleague);
    await world.rejoin().run(() => undefined);
    expect(await onRedis.store.loadIncident(id)).toMatchObject({ ownerId: operator.id, state: 'claimed' });
    expect(new Set(await world.notes(id))).toEqual(new Set(['from here', 'from there']));
    expect(await world.notes(id)).toHaveLength(2);
    const lapsed = (await onRedis.store.loadEntries(id)).find(({ type }) => type === 'lapsed');
    expect(lapsed?.data).toEqual({ reason: 'claimed-by-other', userId: colleague.id, ownerId: operator.id });
  });

  test('where a colleague claimed first: theirs stands', async () => {
    const world = await start();
    const { here, onRedis } = world;
    const id = (await onRedis.decide(pressed(), null)).incidentId ?? '';
    await world.cut();
    await onRedis.act(id, claim, colleague);
    world.pass(SECOND);
    await here.act(id, claim, operator);
    await here.act(id, note('from here'), operator);
    await world.rejoin().run(() => undefined);
    expect(await onRedis.store.loadIncident(id)).toMatchObject({ ownerId: colleague.id, state: 'claimed' });
    expect(await world.notes(id)).toEqual(['from here']);
    expect((await onRedis.store.loadEntries(id)).find(({ type }) => type === 'lapsed')?.data).toMatchObject({
      userId: operator.id,
    });
  });

  test('whose alarms were decided there too: each counts once', async () => {
    const world = await start();
    const { here, onRedis } = world;
    await world.cut();
    const [both, ours] = [pressed(), at(pressed(), NOW + 10 * SECOND)];
    const id = (await here.decide(both, null)).incidentId ?? '';
    await here.act(id, claim);
    await here.decide(ours, null);
    await onRedis.decide(both, null);
    await world.rejoin().run(() => undefined);
    expect(await onRedis.store.loadIncident(id)).toMatchObject({ presses: 2, ownerId: operator.id, ringing: true });
    expect((await onRedis.store.loadEvents(id)).map((event) => event.id)).toEqual([both.id, ours.id]);
  });

  test('where the same person pressed there: one case, with the claim and the notes of both', async () => {
    const world = await start();
    const { here, onRedis } = world;
    await world.cut();
    const theirs = (await onRedis.decide(pressed(), null)).incidentId ?? '';
    const ours = (await here.decide(at(pressed(), NOW + 10 * SECOND), null)).incidentId ?? '';
    await here.act(ours, claim);
    await here.act(ours, note('from here'));
    await world.rejoin().run(() => undefined);
    expect(await onRedis.store.loadIncident(ours)).toBeNull();
    expect(await onRedis.store.loadIncident(theirs)).toMatchObject({ presses: 2, ownerId: operator.id });
    expect(await world.notes(theirs)).toEqual(['from here']);
    expect(await onRedis.store.loadOpen()).toHaveLength(1);
  });

  test('where somebody was named here: their next press joins, whatever others did meanwhile', async () => {
    const directory = register({
      homes: [{ id: 'home' }],
      residents: ['wang', 'li'].map((id) => ({ id, homeId: 'home' })),
      devices: [
        { id: 'phone', homeId: 'home', residentIds: ['wang', 'li'] },
        { id: 'pendant', homeId: 'home', residentIds: ['wang'] },
      ],
    });
    const world = await cutOff(await connect((await createRedis()).redisUrl), directory);
    const { here, onRedis } = world;
    const id = (await onRedis.decide(pressed({ deviceId: 'phone' }), null)).incidentId ?? '';
    await world.cut();
    expect(await here.act(id, { name: 'identify', body: { residentId: 'wang' } })).toBe('done');
    world.pass(SECOND);
    await onRedis.act(id, note('from there'), colleague);
    await world.rejoin().run(() => undefined);
    expect(await onRedis.store.loadIncident(id)).toMatchObject({ residentId: 'wang' });
    world.pass(SECOND);
    for (const deviceId of ['pendant', 'phone']) {
      const press = at(pressed({ deviceId }), NOW + 2 * SECOND);
      expect((await onRedis.decide(press, null)).incidentId).toBe(id);
    }
    await onRedis.act(id, close);
    for (const subject of ['resident:wang', 'device:phone']) {
      expect((await onRedis.store.loadIndex(subject)).value.open).toEqual([]);
    }
  });

  test('that closed a case: it stays closed, unless it was pressed there meanwhile', async () => {
    for (const wasPressed of [false, true]) {
      const world = await start();
      const { here, onRedis } = world;
      const id = (await onRedis.decide(pressed(), null)).incidentId ?? '';
      await world.cut();
      await here.act(id, claim);
      await here.act(id, close);
      if (wasPressed) await onRedis.decide(at(pressed(), NOW + 10 * SECOND), null);
      else await onRedis.act(id, note('from there'), colleague);
      world.pass(20 * SECOND);
      await world.rejoin().run(() => undefined);
      const record = await onRedis.store.loadIncident(id);
      expect(record).toMatchObject(wasPressed ? { ringing: true, presses: 2 } : { state: 'resolved' });
      expect(record?.state === 'resolved').toBe(!wasPressed);
      expect(await world.log(id)).toContain('resolve');
      // The next press joins it or opens anew, as the index says.
      const next = await onRedis.decide(at(pressed(), NOW + 30 * SECOND), null);
      expect(next.verdict).toBe(wasPressed ? 'joined' : 'opened');
    }
  });
});
