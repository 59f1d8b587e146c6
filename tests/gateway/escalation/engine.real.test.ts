import { expect, test } from 'vitest';
import { createEngine } from '../../../gateway/escalation/engine.ts';
import { planDue } from '../../../gateway/escalation/plan-due.ts';
import { NOBODY } from '../../../gateway/escalation/reach.ts';
import { createRedis } from '../../harness/redis.ts';
import { until } from '../../harness/until.ts';
import { pressed, SECOND } from '../incidents/build.ts';
import { openGateway, silent } from '../incidents/world.ts';

/** An engine as in a gateway, on a clock that the test moves. */
async function openEngine(redisUrl: string) {
  const clock = { wallMs: Date.now(), monoMs: 0, nowMs: () => clock.wallMs, monoMsNow: () => clock.monoMs };
  const gateway = await openGateway(redisUrl);
  const { tail } = await gateway.startTail();
  const engine = createEngine({
    find: (id) => tail.board.find(id),
    open: () => tail.board.open(),
    plan: (incident, time) => planDue(incident, () => NOBODY, time),
    hasLapsed: () => false,
    commit: (plan) => gateway.store.commit(plan),
    onNobodyReached: () => undefined,
    onSomebodyReached: () => undefined,
    clock: { nowMs: clock.nowMs, monoMs: clock.monoMsNow },
    logger: silent,
  });
  const pass = (ms: number) => {
    clock.wallMs += ms;
    clock.monoMs += ms;
  };
  return { gateway, tail, engine, pass };
}

test('a deadline fires once with two engines, and goes on to fire', async () => {
  const { redisUrl } = await createRedis();
  const engines = [await openEngine(redisUrl), await openEngine(redisUrl)] as const;
  const [{ gateway }] = engines;
  const ids: string[] = [];
  for (let n = 0; n < 40; n += 1) {
    ids.push((await gateway.decide(pressed({ deviceId: `d-${n}`, receivedAt: Date.now() }), null)).incidentId ?? '');
  }
  /** Both boards have what the store has, and nothing more is due. */
  const settle = async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      const stored = await gateway.store.loadIncidents(ids);
      const haveAll = () =>
        engines.every(({ tail }) => stored.every(({ id, version }) => tail.board.find(id)?.version === version));
      await until(haveAll, { timeoutMs: 30_000, what: 'both boards' });
      await Promise.all(engines.map(({ engine }) => engine.turn()));
    }
  };
  // The alarms came in by the real clock, which went on meanwhile.
  for (const { pass } of engines) pass(5 * SECOND);
  await settle();
  for (let round = 1; round <= 3; round += 1) {
    for (const { pass } of engines) pass(16 * SECOND);
    await settle();
  }
  for (const id of ids) {
    const log = await gateway.store.loadEntries(id);
    const count = (type: string, step: string) =>
      log.filter((line) => line.type === type && line.data['step'] === step);
    expect(count('step', 'duty-operators')).toHaveLength(1);
    expect(count('step', 'begin-again')).toHaveLength(3);
    expect(count('rang', 'ring-again')).toHaveLength(3);
  }
});

test('a claim and a deadline at the same moment: one of them comes first, and none is lost', async () => {
  const { redisUrl } = await createRedis();
  const { gateway, tail, engine, pass } = await openEngine(redisUrl);
  for (let n = 0; n < 10; n += 1) {
    const { incidentId } = await gateway.decide(pressed({ deviceId: `d-${n}`, receivedAt: Date.now() }), null);
    const id = incidentId ?? '';
    await until(() => tail.board.find(id), { timeoutMs: 30_000, what: 'the incident on the board' });
    await engine.turn();
    pass(16 * SECOND);
    const actor = { id: 'u1', tag: 'user:u1', isSupervisor: false, isHelper: false };
    const command = { name: 'claim', body: {} } as const;
    const [, claimed] = await Promise.all([
      engine.turn(),
      gateway.commands({ incidentId: id, command, actor, commandId: null, mayAct: () => true }),
    ]);
    expect(claimed).toMatchObject({ kind: 'done', incident: { state: 'claimed', ownerId: 'u1' } });
    expect(await gateway.store.loadIncident(id)).toMatchObject({ state: 'claimed', ownerId: 'u1' });
  }
});
