import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AlarmEvent } from '../../../../devices/event.ts';
import { isOpen } from '../../../../gateway/incidents/record.ts';
import { Keyspace } from '../../../../gateway/incidents/degraded/keyspace.ts';
import { runCommitScript } from '../../../../gateway/incidents/run-script.ts';
import { StoreSilentError } from '../../../../gateway/incidents/store-silence.ts';
import { createRedis } from '../../../harness/redis.ts';
import { colleague, NOW, operator, pressed, SECOND } from '../build.ts';
import { connect } from '../world.ts';
import { at, claim, close, cutOff, note } from './cut-off.ts';

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
          if (isFaulty && asked % 2 === 0) throw new StoreSilentError('silent', undefined);
          const answer = await runCommitScript(redis, request);
          if (isFaulty) throw new StoreSilentError('lost', undefined);
          return answer;
        };
        const state = { isDone: false };
        const before = [...world.local.plans()];
        const rejoin = world.rejoin(run);
        const whenDone = (): void => {
          state.isDone = true;
        };
        for (let tries = 0; !state.isDone && tries < 30; tries += 1) await rejoin.run(whenDone).catch(() => undefined);
        expect(state.isDone).toBe(true);
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
