import { expect, test } from 'vitest';
import { startGateway } from '../harness/gateway.ts';
import { ownPostgres, ownRedis, type OwnServer } from '../harness/own-servers.ts';
import { until } from '../harness/until.ts';
import { hire, logIn, logInAsAdmin } from './world/operator.ts';
import { pressOnce } from './world/press.ts';
import { addDevice } from './world/register.ts';
import { pressAndSee } from './world/world.ts';

/** Two seconds for servers that do not answer, and what a process needs to start on a busy machine. */
const LISTENS_WITHIN_MS = 15_000;
const ADMIN_PASSWORD = 'admin-of-the-tests';

type Way = readonly [
  name: string,
  away: (server: OwnServer) => Promise<void>,
  back: (server: OwnServer) => Promise<void>,
];
const WAYS: readonly Way[] = [
  ['stopped', (server) => server.stop(), (server) => server.start()],
  ['frozen', async (server) => server.freeze(), async (server) => server.thaw()],
];

test.each(WAYS)(
  'with Redis and Postgres %s a gateway starts, listens, and a press rings',
  async (_name, away, back) => {
    const [redis, postgres] = await Promise.all([ownRedis(), ownPostgres()]);
    const urls = { redisUrl: redis.redisUrl, databaseUrl: postgres.databaseUrl };
    const before = await startGateway(urls);
    const admin = await logInAsAdmin(before);
    const operator = await hire(before, admin, { username: 'li' });
    const [old, fresh] = [await addDevice(before), await addDevice(before)];
    const known = (await pressAndSee(await operator.listen(), old, { type: 'sos' })).incident.id;
    await operator.act(known, 'claim', {});
    await operator.act(known, 'note', { text: 'on the way' });
    expect((await before.stop()).code).toBe(0);
    await Promise.all([away(redis), away(postgres)]);

    const begun = performance.now();
    const gateway = await startGateway({ ...urls, dataDir: before.dataDir });
    expect(performance.now() - begun).toBeLessThan(LISTENS_WITHIN_MS);
    // Log-in by what the snapshot of the register says.
    const person = await logIn(gateway, { username: 'admin', password: ADMIN_PASSWORD });
    const list = await person.list();
    expect(list.asOf).toBeNull();
    expect(list.items.find(({ id }) => id === known)?.owner?.id).toBe(operator.user.id);
    expect((await person.detail(known)).log.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['claimed', 'note']),
    );

    const feed = await person.listen();
    await pressOnce({ ...fresh, mqttUrl: gateway.mqttUrl }, { type: 'sos' });
    const rang = await feed.until(
      ({ entry, incident }) => entry.type === 'opened' && incident.deviceId === fresh.deviceId,
      'the press with both away',
    );
    expect(rang.eventId).toBe('');
    await person.act(rang.incident.id, 'claim', {});
    // An old press joins what was open before all of this.
    await pressOnce({ ...old, mqttUrl: gateway.mqttUrl }, { type: 'sos', text: 'again' });
    await feed.until(({ entry, incident }) => entry.type === 'joined' && incident.id === known, 'the second press');

    // Killed meanwhile: what was done without Redis is on the disk.
    await gateway.kill9();
    const next = await startGateway({ ...urls, dataDir: before.dataDir });
    const again = await logIn(next, { username: 'admin', password: ADMIN_PASSWORD });
    const kept = (await again.list()).items.find(({ id }) => id === rang.incident.id);
    expect(kept).toMatchObject({ presses: 1, owner: { id: person.user.id } });
    const nextFeed = await again.listen();

    await Promise.all([back(redis), back(postgres)]);
    await until(() => nextFeed.resets.at(-1)?.reason === 'degraded-ended', { timeoutMs: 30_000, what: 'the reset' });
    const after = (await again.list()).items.filter(({ deviceId }) => deviceId !== null);
    const presses = new Map(after.map((incident) => [incident.id, incident.presses]));
    expect(presses).toEqual(
      new Map([
        [known, 2],
        [rang.incident.id, 1],
      ]),
    );
    expect((await again.detail(rang.incident.id)).owner?.id).toBe(person.user.id);
    expect((await again.detail(known)).owner?.id).toBe(operator.user.id);
  },
);
