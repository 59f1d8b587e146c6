import { expect, test } from 'vitest';
import { decodeEvent } from '../../../gateway/ingest/event-json.ts';
import { createRedis } from '../../harness/redis.ts';
import { NOW, pressed, register } from './build.ts';
import { alarmsInIncidents, openGateway } from './world.ts';

const directory = register({
  homes: [{ id: 'home-1' }],
  residents: [{ id: 'wang', homeId: 'home-1' }],
  devices: [
    { id: 'pendant-1', homeId: 'home-1', residentIds: ['wang'] },
    { id: 'watch-1', homeId: 'home-1', residentIds: ['wang'] },
  ],
});

/** Presses that differ, so that each of them rings. */
const manyPresses = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    pressed({ deviceId: n % 2 === 0 ? 'pendant-1' : 'watch-1', receivedAt: NOW + n, message: { text: `press ${n}` } }),
  );

test('of 200 alarms that two gateways decide at once every one is in exactly one incident, and every press is counted', async () => {
  const { redisUrl } = await createRedis();
  const gateways = [await openGateway(redisUrl, { directory }), await openGateway(redisUrl, { directory })] as const;
  const events = manyPresses(200);
  // Both get every alarm, in opposite order: each is decided by whoever is first.
  const order = [events, events.toReversed()] as const;
  const verdicts = await Promise.all(
    gateways.map(async ({ decide }, n) => {
      const decided = [];
      // Ten side by side, as devices of one person would be.
      for (let at = 0; at < events.length; at += 10) {
        const batch = (order[n] ?? []).slice(at, at + 10);
        decided.push(...(await Promise.all(batch.map((event) => decide(event, null)))));
      }
      return decided.map(({ verdict }) => verdict);
    }),
  );
  const counted = Object.groupBy(verdicts.flat(), (verdict) => verdict);
  expect(counted.opened).toHaveLength(1);
  expect(counted.joined).toHaveLength(199);
  expect(counted['already-seen']).toHaveLength(200);
  const [incident, ...others] = await gateways[0].store.loadOpen();
  expect(others).toEqual([]);
  expect(incident).toMatchObject({ presses: 200, version: 200, subject: 'resident:wang' });
  expect(await alarmsInIncidents(gateways[0])).toEqual(events.map(({ id }) => String(id)).toSorted());
});

test('two copies of one frame under two ULIDs, decided at once, are one press', async () => {
  const { redisUrl } = await createRedis();
  const [one, other] = [await openGateway(redisUrl, { directory }), await openGateway(redisUrl, { directory })];
  for (let n = 0; n < 25; n += 1) {
    const frame = { receivedAt: NOW + n * 60_000, message: { id: `${n}`, at: NOW + n * 60_000 } };
    const decided = await Promise.all([one.decide(pressed(frame), null), other.decide(pressed(frame), null)]);
    expect(decided.map(({ verdict }) => verdict).filter((verdict) => verdict === 'repeat')).toHaveLength(1);
  }
  expect((await one.store.loadOpen()).map(({ presses }) => presses)).toEqual([25]);
});

test('a closing and a press at the same moment: the press rings, whoever was first', async () => {
  const { redisUrl } = await createRedis();
  const { decide, commands, store } = await openGateway(redisUrl, { directory });
  const actor = { id: 'u1', tag: 'user:u1', isSupervisor: false, isHelper: false };
  const body = { outcome: 'helped', contact: 'spoke-with-person' } as const;
  for (let n = 0; n < 20; n += 1) {
    const { incidentId } = await decide(pressed({ message: { text: `first ${n}` } }), null);
    const again = pressed({ message: { text: `again ${n}` } });
    const [closed, decided] = await Promise.all([
      commands({
        incidentId: incidentId ?? '',
        command: { name: 'resolve', body },
        actor,
        commandId: null,
        mayAct: () => true,
      }),
      decide(again, null),
    ]);
    const incident = await store.loadIncident(decided.incidentId ?? '');
    expect(incident).toMatchObject({ state: 'open', ringing: true });
    expect([closed.kind, decided.verdict]).toEqual(closed.kind === 'done' ? ['done', 'opened'] : ['refused', 'joined']);
    await commands({
      incidentId: incident?.id ?? '',
      command: { name: 'resolve', body },
      actor,
      commandId: null,
      mayAct: () => true,
    });
  }
});

test('a repeat is a line that carries its incident as it stands', async () => {
  const { redisUrl } = await createRedis();
  const gateway = await openGateway(redisUrl, { directory });
  const { tail } = await gateway.startTail();
  const heard: unknown[] = [];
  tail.subscribe(({ entry, incident }) => heard.push([entry.type, incident?.version, incident?.presses]));
  await gateway.decide(pressed({ receivedAt: NOW }), null);
  await gateway.decide(pressed({ receivedAt: NOW + 60_000 }), null);
  const { logIds } = await gateway.decide(pressed({ receivedAt: NOW + 61_000 }), null);
  await tail.reached(`${logIds.at(-1)}` as never, 2000);
  expect(heard.at(-1)).toEqual(['repeated', 2, 2]);
});

test('a stored text that can never be matched ends in an error, not in turning for ever', async () => {
  const { redisUrl } = await createRedis();
  const { redis, decide } = await openGateway(redisUrl, { directory });
  // Not UTF-8: what is read is not what is compared.
  await redis.set('{zj}:index:resident:wang', Buffer.from('{"open":[],"last":null,"x":"\xff"}', 'latin1'));
  await expect(decide(pressed(), null)).rejects.toMatchObject({ code: 'no-decision' });
});

test('an event of another version’s vocabulary is refused, not guessed', async () => {
  const { redisUrl } = await createRedis();
  const { decide } = await openGateway(redisUrl);
  const event = decodeEvent(JSON.stringify({ ...pressed(), message: { kind: 'alarm', type: 'toString', faults: [] } }));
  if (event === null) throw new Error('it does not read');
  await expect(decide(event, null)).rejects.toMatchObject({ code: 'unknown-type' });
});
