import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import type { AlarmEvent } from '../../../../devices/event.ts';
import { planDue } from '../../../../gateway/escalation/plan-due.ts';
import { choosePolicy } from '../../../../gateway/escalation/policies.ts';
import { NOBODY } from '../../../../gateway/escalation/reach.ts';
import type { Command } from '../../../../gateway/incidents/command.ts';
import { createCommands } from '../../../../gateway/incidents/commands.ts';
import { createAlarmDecider } from '../../../../gateway/incidents/decide.ts';
import { Keyspace } from '../../../../gateway/incidents/degraded/keyspace.ts';
import { createLocalStore } from '../../../../gateway/incidents/degraded/local-store.ts';
import { createMirror } from '../../../../gateway/incidents/degraded/mirror.ts';
import { createRejoin } from '../../../../gateway/incidents/degraded/rejoin.ts';
import type { Performer } from '../../../../gateway/incidents/performer.ts';
import { isOpen } from '../../../../gateway/incidents/record.ts';
import { runCommitScript } from '../../../../gateway/incidents/run-script.ts';
import { createIncidentStore, type IncidentStore } from '../../../../gateway/incidents/store.ts';
import { REDIS_KEYS } from '../../../../gateway/store/keys.ts';
import { createRedis } from '../../../harness/redis.ts';
import { colleague, NOW, operator, pressed, register, SECOND } from '../build.ts';
import { connect, silent } from '../world.ts';

const claim: Command = { name: 'claim', body: {} };
const note = (text: string): Command => ({ name: 'note', body: { text } });
const close: Command = { name: 'resolve', body: { outcome: 'helped', contact: 'spoke-with-person' } };

/** What one side does, with a clock of both. */
function openSide(store: IncidentStore, clock: { readonly nowMs: () => number; readonly monoMs: () => number }) {
  const deps = { store, directory: () => register(), choosePolicy, clock };
  const commands = createCommands(deps);
  return {
    store,
    decide: createAlarmDecider(deps),
    act: async (incidentId: string, command: Command, actor: Performer = operator) =>
      (await commands({ incidentId, command, actor, commandId: null, mayAct: () => true })).kind,
    due: async (incidentId: string) => {
      const incident = await store.loadIncident(incidentId);
      const due =
        incident !== null && isOpen(incident) ? planDue(incident, () => NOBODY, { nowMs: clock.nowMs() }) : null;
      if (due !== null) await store.commit(due.plan);
    },
  };
}

/** A gateway that was cut off from Redis just now, and Redis, where another one goes on. */
async function cutOff(redis: Redis) {
  let nowMs = NOW;
  const clock = { nowMs: () => nowMs, monoMs: () => nowMs };
  const there = createIncidentStore(redis, REDIS_KEYS.alarms);
  const space = new Keyspace();
  const mirror = createMirror({ space, redis, clock, logger: silent, note: () => undefined });
  let made = 0;
  const local = createLocalStore({
    journal: { append: () => Promise.resolve() },
    alarmStream: REDIS_KEYS.alarms,
    newPlanId: () => `gw:${(made += 1)}`,
    onDone: () => undefined,
    clock,
    logger: silent,
  });
  const onRedis = openSide(there, clock);
  const rejoin = (run = (request: Parameters<typeof runCommitScript>[1]) => runCommitScript(redis, request)) =>
    createRejoin({
      local,
      store: there,
      run,
      decide: onRedis.decide,
      wasSent: () => false,
      gatewayId: 'gw',
      nowMs: () => nowMs,
      logger: silent,
    });
  return {
    redis,
    local,
    onRedis,
    here: openSide(local.store, clock),
    pass: (ms: number) => {
      nowMs += ms;
    },
    cut: async () => {
      await mirror.load((await there.loadOpen()).map(({ id }) => id));
      local.open(space.copy(nowMs), []);
    },
    rejoin,
    log: async (id: string) => (await there.loadEntries(id)).map(({ type }) => type),
    notes: async (id: string) =>
      (await there.loadEntries(id)).flatMap(({ type, said }) => (type === 'note' ? [said['text']] : [])),
  };
}

async function start() {
  return cutOff(await connect((await createRedis()).redisUrl));
}

const at = (event: AlarmEvent, receivedAt: number): AlarmEvent => ({ ...event, receivedAt });

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
    expect((await world.notes(id)).toSorted()).toEqual(['from here', 'from there']);
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

type Step = {
  readonly side: 'here' | 'there';
  readonly what: 'press' | 'claim' | 'note' | 'close' | 'due';
  readonly device: number;
};

const step: fc.Arbitrary<Step> = fc.record({
  side: fc.constantFrom('here' as const, 'there' as const),
  what: fc.constantFrom(
    'press' as const,
    'press' as const,
    'claim' as const,
    'note' as const,
    'close' as const,
    'due' as const,
  ),
  device: fc.nat(1),
});

test('whatever both sides did, and however often Redis falls silent while it is told: nothing is lost, nothing counts twice', async () => {
  const redis = await connect((await createRedis()).redisUrl);
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 14 }),
      fc.array(fc.integer({ min: 0, max: 15 }), { maxLength: 3 }),
      async (steps, faults) => {
        await redis.flushdb();
        const world = await cutOff(redis);
        await world.onRedis.decide(pressed({ deviceId: 'd0' }), null);
        await world.cut();
        const alarms: AlarmEvent[] = [];
        const notes: string[] = [];
        for (const { side, what, device } of steps) {
          world.pass(7 * SECOND);
          const who = side === 'here' ? world.here : world.onRedis;
          const actor = side === 'here' ? operator : colleague;
          const open = (await who.store.loadOpen()).find(({ deviceId }) => deviceId === `d${device}`);
          if (what === 'press') {
            const event = at(pressed({ deviceId: `d${device}` }), NOW + (alarms.length + 1) * 7 * SECOND);
            alarms.push(event);
            await who.decide(event, null);
          } else if (open !== undefined) {
            if (what === 'due') await who.due(open.id);
            else if (what === 'note') {
              const text = `note ${notes.length}`;
              if ((await who.act(open.id, note(text), actor)) === 'done') notes.push(text);
            } else await who.act(open.id, what === 'claim' ? claim : close, actor);
          }
        }
        // Redis carries a request out, carries it out and cannot say so, or is silent.
        let asked = 0;
        const run = async (request: Parameters<typeof runCommitScript>[1]) => {
          asked += 1;
          const isFaulty = faults.includes(asked);
          if (isFaulty && asked % 2 === 0) throw new Error('silent');
          const answer = await runCommitScript(redis, request);
          if (isFaulty) throw new Error('lost');
          return answer;
        };
        let isDone = false;
        const before = [...world.local.plans()];
        const rejoin = world.rejoin(run);
        const whenDone = (): void => {
          isDone = true;
        };
        for (let tries = 0; !isDone && tries < 30; tries += 1) await rejoin.run(whenDone).catch(() => undefined);
        expect(isDone).toBe(true);
        await check(world, alarms, notes);
        // As after a crash before the journal was removed: told once more, nothing changes but what had failed.
        const kept = await world.onRedis.store.loadIncidents(await redis.zrange('{zj}:incidents:all', '0', '-1'));
        world.local.open(new Keyspace(), before);
        await world.rejoin().run(() => undefined);
        await check(world, alarms, notes);
        expect((await world.onRedis.store.loadOpen()).length).toBe(kept.filter(isOpen).length);
      },
    ),
    { numRuns: 80 },
  );
});

async function check(
  { onRedis, redis }: Awaited<ReturnType<typeof cutOff>>,
  alarms: readonly AlarmEvent[],
  notes: readonly string[],
): Promise<void> {
  const ids = await redis.zrange('{zj}:incidents:all', '0', '-1');
  const listed = (await Promise.all(ids.map((id) => redis.lrange(`{zj}:incident:${id}:alarms`, 0, -1)))).flat();
  for (const { id } of alarms) expect(listed.filter((known) => known === id)).toHaveLength(1);
  const entries = (await Promise.all(ids.map((id) => onRedis.store.loadEntries(id)))).flat();
  const said = entries.flatMap(({ type, said: words }) => (type === 'note' ? [String(words['text'])] : []));
  expect(said.toSorted()).toEqual([...notes].toSorted());
  const records = await onRedis.store.loadIncidents(ids);
  expect(records.reduce((sum, { presses }) => sum + presses, 0)).toBe(alarms.length + 1);
  const open = new Set((await onRedis.store.loadOpen()).map(({ id }) => String(id)));
  for (const record of records) {
    expect(open.has(record.id)).toBe(isOpen(record));
    const index = await onRedis.store.loadIndex(record.subject);
    expect(index.value.open.includes(record.id)).toBe(isOpen(record));
  }
}
