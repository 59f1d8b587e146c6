import { expect, test } from 'vitest';
import { ownRedis, type OwnServer } from '../harness/own-servers.ts';
import { until } from '../harness/until.ts';
import { hire } from './world/operator.ts';
import { pressOnce } from './world/press.ts';
import { addDevice } from './world/register.ts';
import { countLines, openWorld, pressAndSee } from './world/world.ts';

/** A frozen Redis is noticed when it owes an answer for two seconds. */
const RINGS_WITHIN_MS = 8_000;
/** Nobody takes it: it rings further 15 s after it opened, and whoever claimed it and does nothing is asked after 60 s. */
const RINGS_AGAIN_WITHIN_MS = 25_000;

const WAYS: readonly (readonly [
  name: string,
  away: (redis: OwnServer) => Promise<void>,
  back: (redis: OwnServer) => Promise<void>,
])[] = [
  ['killed', (redis) => redis.kill9(), (redis) => redis.start()],
  ['frozen', async (redis) => redis.freeze(), async (redis) => redis.thaw()],
];

test.each(WAYS)(
  'with Redis %s a press rings, is claimed, rings again and is one case afterwards',
  async (_name, away, back) => {
    const redis = await ownRedis();
    const { gateway, admin, operator, feed } = await openWorld({ redisUrl: redis.redisUrl });
    const colleague = await hire(gateway, admin, { username: 'wang' });
    const [before, first, second] = [await addDevice(gateway), await addDevice(gateway), await addDevice(gateway)];
    const known = (await pressAndSee(feed, before, { type: 'sos' })).incident;
    await operator.act(known.id, 'claim', {});

    await away(redis);
    await pressOnce(first, { type: 'sos' });
    const rang = await feed.until(
      ({ entry, incident }) => entry.type === 'opened' && incident.deviceId === first.deviceId,
      'the press without Redis',
      RINGS_WITHIN_MS,
    );
    expect(rang.eventId).toBe('');
    expect(rang.incident).toMatchObject({ state: 'open', ringing: true, flags: expect.arrayContaining(['degraded']) });
    await until(() => feed.statuses.at(-1)?.degraded === true, { timeoutMs: 30_000, what: 'the status to say so' });
    const list = await operator.list();
    expect(list.asOf).toBeNull();
    expect(list.items.map(({ id }) => id).toSorted()).toEqual([known.id, rang.incident.id].toSorted());

    // What was open before is worked on too.
    expect((await operator.act(known.id, 'note', { text: 'she answers' })).state).toBe('claimed');
    expect((await operator.act(rang.incident.id, 'claim', {})).owner?.id).toBe(operator.user.id);
    const refused = await colleague.tryTo(rang.incident.id, 'claim', {});
    expect(refused.status).toBe(409);
    const detail = await operator.detail(rang.incident.id);
    expect(detail.alarms).toHaveLength(1);
    expect(detail.log.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['opened', 'received', 'rang', 'claimed']),
    );

    // Another one nobody takes.
    await pressOnce(second, { type: 'sos' });
    const unowned = await feed.until(
      ({ entry, incident }) => entry.type === 'opened' && incident.deviceId === second.deviceId,
      'the second press without Redis',
    );
    await feed.until(
      ({ entry, incident }) =>
        entry.type === 'rang' && incident.id === unowned.incident.id && entry.data['reason'] !== 'opened',
      'the deadline without Redis',
      RINGS_AGAIN_WITHIN_MS,
    );
    // A console that connects now is told what happens from now on.
    const late = await colleague.listen();
    await operator.act(unowned.incident.id, 'note', { text: 'nobody answers' });
    await late.until(({ entry }) => entry.type === 'note', 'the note at the other console');
    expect(late.incidents.every(({ eventId }) => eventId === '')).toBe(true);

    await back(redis);
    for (const { resets } of [feed, late]) {
      await until(() => resets.at(-1)?.reason === 'degraded-ended', { timeoutMs: 30_000, what: 'the reset' });
      expect(resets.at(-1)?.asOf).not.toBeNull();
    }
    const after = await operator.list();
    expect(after.asOf).not.toBeNull();
    expect(after.items.map(({ id }) => id).toSorted()).toEqual(
      [known.id, rang.incident.id, unowned.incident.id].toSorted(),
    );
    const kept = await operator.detail(rang.incident.id);
    expect(kept).toMatchObject({ state: 'claimed', presses: 1, owner: { id: operator.user.id } });
    expect(await countLines(operator, rang.incident.id)).toMatchObject({
      opened: 1,
      received: 1,
      claim: 1,
      claimed: 1,
    });
    expect((await countLines(operator, known.id))['note']).toBe(1);
    expect((await countLines(operator, unowned.incident.id))['note']).toBe(1);
    // Work goes on with Redis, and the stream brings the alarm to nobody twice.
    await pressAndSee(feed, first, { type: 'sos', text: 'again' });
    expect((await operator.detail(rang.incident.id)).presses).toBe(2);
    // What the gateway raises about itself is of no device.
    const pressed = (await operator.list('state=all')).items.filter(({ deviceId }) => deviceId !== null);
    expect(pressed).toHaveLength(3);
  },
);
