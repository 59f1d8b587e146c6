import { expect, test } from 'vitest';
import type { CaseFile, DeviceContacts } from '../../gateway/api/contract/history.ts';
import { createDatabase } from '../harness/postgres.ts';
import { until } from '../harness/until.ts';
import { openDatabase } from './world/database.ts';
import { connectDevice } from './world/device.ts';
import { hire } from './world/operator.ts';
import { addDevice } from './world/register.ts';
import { openWorld, pressAndSee } from './world/world.ts';

test('a case and a device tell what came and what did not, who saw it, the answer time, and who looked', async () => {
  const { databaseUrl } = await createDatabase();
  const { gateway, admin, operator, feed } = await openWorld({ databaseUrl });
  const database = await openDatabase(databaseUrl);
  const device = await addDevice(gateway, { name: '陈奶奶' });
  const from = new Date(Date.now() - 60_000).toISOString();
  const link = await connectDevice(device);
  await link.publish(`zj/v1/${device.deviceId}/status`, { batteryPct: 80 });
  link.cut();
  const stranger = await connectDevice({ ...device, password: 'wrong' });
  await stranger.publish(`zj/v1/${device.deviceId}/vitals`, { readings: [] });
  stranger.cut();

  const { incident } = await pressAndSee(feed, device, { type: 'sos', text: 'help' });
  const at = new Date().toISOString();
  await operator.act(incident.id, 'seen', { received: at, painted: at, sounded: at });
  await operator.act(incident.id, 'claim', {});
  await operator.act(incident.id, 'call', { number: '+8613800000000', result: 'no-answer' });
  await operator.act(incident.id, 'note', { text: '她没有接电话' });

  const supervisor = await hire(gateway, admin, { username: 'boss', roles: ['supervisor'] });
  const file = await supervisor.get<CaseFile>(`/incidents/${incident.id}/case`);
  expect(file).toMatchObject({
    state: 'claimed',
    closedAt: null,
    answer: { by: 'call', answerMs: expect.any(Number), claimMs: expect.any(Number) },
    erased: null,
    chain: { ok: true, faults: [] },
  });
  expect(file.answer.answerMs).toBeGreaterThanOrEqual(file.answer.claimMs ?? Number.POSITIVE_INFINITY);
  expect(file.seen[0]).toMatchObject({ type: 'seen', data: { received: at, painted: at, sounded: at } });
  const [alarm] = file.alarms;
  expect(JSON.parse(Buffer.from(alarm?.raw ?? '', 'base64').toString())).toMatchObject({ text: 'help' });
  expect(file.chain.checked).toBe(file.steps.length + file.alarms.length);
  expect(file.steps.find(({ type }) => type === 'note')?.data).toMatchObject({ text: '她没有接电话' });

  const to = new Date(Date.now() + 60_000).toISOString();
  const contacts = await gateway.zhujiJson<DeviceContacts>(
    'case',
    '--device',
    device.deviceId,
    '--from',
    from,
    '--to',
    to,
  );
  const kinds = contacts.items.map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(['connected', 'disconnected', 'refused', 'dropped']));
  expect(contacts).toMatchObject({ before: null, after: null, isCut: false });
  expect(contacts.incidents.map(({ id }) => id)).toContain(incident.id);
  const later = new Date(Date.now() + 3_600_000).toISOString();
  const silent = await gateway.zhujiJson<DeviceContacts>(
    'case',
    '--device',
    device.deviceId,
    '--from',
    to,
    '--to',
    later,
  );
  expect(silent).toMatchObject({ items: [], after: null, before: { kind: expect.stringMatching(/connected/) } });

  const told = (await gateway.zhuji('case', incident.id)).stdout;
  for (const words of ['Answer time: ', 'first call', '她没有接电话', 'its ', 'entries of the audit chain are whole']) {
    expect(told).toContain(words);
  }
  expect((await gateway.zhuji('case')).code).toBe(2);
  expect((await gateway.zhuji('case', 'inc-nobody')).code).toBe(1);
  // Operators work on cases; who reads all of it is noted.
  expect((await operator.ask('GET', `/incidents/${incident.id}/case`)).status).toBe(403);
  const elsewhere = await hire(gateway, admin, { username: 'far', roles: ['supervisor'], regions: ['other-city'] });
  expect((await elsewhere.ask('GET', `/incidents/${incident.id}/case`)).status).toBe(404);
  const readers = () =>
    database.rows(
      `select from audit_chain where kind = 'audit' and entry like '%case-read%' and entry like '%${supervisor.user.id}%'`,
    );
  await until(async () => (await readers()).length === 1, { timeoutMs: 30_000, what: 'the trace of the reading' });

  // Whoever changes the story is found by the case itself.
  await database.rows(`update incident_log set actor = 'user:nobody' where incident_id = $1 and type = 'claim'`, [
    incident.id,
  ]);
  await database.rows(`update events set body = replace(body, '"sos"', '"test"') where incident_id = $1`, [
    incident.id,
  ]);
  const forged = await supervisor.get<CaseFile>(`/incidents/${incident.id}/case`);
  expect(forged.chain.faults.map(({ code }) => code).toSorted()).toEqual(['frame-changed', 'row-changed']);
});
