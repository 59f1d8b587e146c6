import { expect, test } from 'vitest';
import type { Ready } from '../../gateway/api/contract/feed.ts';
import type { CaseFile } from '../../gateway/api/contract/history.ts';
import { ownPostgres } from '../harness/own-servers.ts';
import { startReceiver } from '../harness/receiver.ts';
import { until } from '../harness/until.ts';
import { openDatabase } from './world/database.ts';
import { logIn } from './world/operator.ts';
import { pressOnce } from './world/press.ts';
import { addDevice } from './world/register.ts';
import { openWorld, pressAndSee } from './world/world.ts';

test('with Postgres away people press, log in, claim, are notified and close; the history is complete afterwards', async () => {
  const receiver = await startReceiver((_request, response) => void response.writeHead(200).end());
  const postgres = await ownPostgres();
  const world = await openWorld({
    databaseUrl: postgres.databaseUrl,
    env: { ZHUJI_WEBHOOK_URL: receiver.url, ZHUJI_WEBHOOK_SECRET: 'a-secret-of-the-tests' },
  });
  const { gateway, admin, operator, feed } = world;
  const device = await addDevice(gateway, { name: '郑奶奶' });
  const other = await addDevice(gateway, { name: '冯爷爷' });
  const helper = await admin.post<{ id: string; username: string; password: string }>('/users', {
    username: 'xiao-zhang',
    roles: ['helper'],
    regions: ['*'],
  });
  const before = await pressAndSee(feed, device, { type: 'sos', text: 'before' });
  await operator.act(before.incident.id, 'claim', {});
  const ready = async (): Promise<Ready> => (await (await fetch(`${gateway.httpUrl}/readyz`)).json()) as Ready;
  await until(async () => (await ready()).checks['projector']?.status === 'ok', {
    timeoutMs: 30_000,
    what: 'the history',
  });

  await postgres.stop();
  await until(async () => (await ready()).checks['projector']?.status === 'degraded', {
    timeoutMs: 30_000,
    what: 'the check to say so',
  });
  // Everything that people do goes on.
  const joined = await pressAndSee(feed, device, { type: 'sos', text: 'while it is away' });
  expect(joined.incident.id).toBe(before.incident.id);
  await operator.act(before.incident.id, 'note', { text: 'said while it is away' });
  await operator.act(before.incident.id, 'dispatch', { helperId: helper.id });
  await until(() => receiver.requests.length > 0, { timeoutMs: 30_000, what: 'the notice for the helper' });
  const colleague = await logIn(gateway, { username: 'xiao-zhang', password: helper.password });
  expect(colleague.user.id).toBe(helper.id);
  await expect(logIn(gateway, { username: 'xiao-zhang', password: 'wrong, wrong, wrong' })).rejects.toThrow('401');
  await operator.act(before.incident.id, 'resolve', { outcome: 'helped', contact: 'spoke-with-person' });
  const second = await pressAndSee(feed, device, { type: 'sos', text: 'again' });
  expect(second.incident.id).not.toBe(before.incident.id);
  for (let n = 0; n < 20; n += 1) await pressOnce(other, { type: 'sos', text: `press ${n}` });
  const { log } = await operator.detail(before.incident.id);

  await postgres.start();
  await until(async () => (await ready()).checks['projector']?.status === 'ok', {
    timeoutMs: 30_000,
    what: 'the history',
  });
  const database = await openDatabase(postgres.databaseUrl);
  const lines = await database.rows<{ position: string }>(
    'select position from incident_log where incident_id = $1 order by audit_seq',
    [before.incident.id],
  );
  const positions = lines.map(({ position }) => position);
  expect(positions).toEqual(expect.arrayContaining(log.map(({ id }) => id)));
  expect(new Set(positions).size).toBe(positions.length);
  const presses = await database.rows<{ n: string }>(`select count(*) as n from events where device_id = any($1)`, [
    [device.deviceId, other.deviceId],
  ]);
  expect(presses).toEqual([{ n: '23' }]);
  const notes = await database.rows<{ type: string; actor: string }>(
    `select entry::json ->> 'type' as type, entry::json ->> 'actor' as actor from audit_chain where kind = 'audit'`,
  );
  expect(notes).toEqual(
    expect.arrayContaining([
      { type: 'log-in', actor: `user:${helper.id}` },
      { type: 'log-in-refused', actor: `user:${helper.id}` },
    ]),
  );
  const file = await admin.get<CaseFile>(`/incidents/${before.incident.id}/case`);
  expect(file).toMatchObject({ state: 'resolved', chain: { ok: true, faults: [] } });
  expect(file.notifications).not.toEqual([]);
  expect(file.steps.some(({ data }) => data['text'] === 'said while it is away')).toBe(true);
  expect(await gateway.zhujiJson('audit', 'verify')).toMatchObject({ ok: true, faultCount: 0 });
});
