import { expect, test } from 'vitest';
import type { CaseFile, ResidentErased } from '../../gateway/api/contract/history.ts';
import type { Resident } from '../../gateway/api/contract/registry.ts';
import { createDatabase } from '../harness/postgres.ts';
import { createRedis } from '../harness/redis.ts';
import { until } from '../harness/until.ts';
import { dumpRedis, openDatabase } from './world/database.ts';
import { connectDevice } from './world/device.ts';
import { hire } from './world/operator.ts';
import { localClient } from './world/register.ts';
import { metric, sendVitals } from './world/wearables.ts';
import { openWorld, pressAndSee } from './world/world.ts';

/** In every field that can hold something personal, and in none that is an id or a code. */
const MARK = 'MARKER';

test('an erased person is nowhere any more, the chain still verifies and says who erased them and why', async () => {
  const { redisUrl } = await createRedis();
  const { databaseUrl } = await createDatabase();
  const world = await openWorld({ redisUrl, databaseUrl });
  const { gateway, admin, operator, feed } = world;
  const database = await openDatabase(databaseUrl);
  const contact = { name: `${MARK} son`, relation: `${MARK} r`, number: '+8613700001111', note: `${MARK} n` };
  const home = await admin.post<{ id: string }>('/homes', {
    region: 'city',
    address: `${MARK} road 1`,
    entrance: `${MARK} gate`,
    accessPlan: `${MARK} code 1234`,
  });
  const resident = await admin.post<Resident>('/residents', {
    name: `${MARK} Wang`,
    homeId: home.id,
    number: '+8613700002222',
    health: `${MARK} heart`,
    speech: `${MARK} deaf`,
    contacts: [contact],
  });
  const neighbour = await admin.post<Resident>('/residents', { name: 'Li', region: 'city', address: 'Other road 2' });
  const client = localClient(gateway);
  const addDevice = async (residentId: string, place: string, model = 'generic-one-touch') => {
    const { username, password, mqttUrl, ...device } = await client.request<{
      id: string;
      username: string;
      password: string;
      mqttUrl: string;
    }>('POST', '/devices', { model, residentIds: [residentId], place });
    return { deviceId: device.id, username, password, mqttUrl };
  };
  const device = await addDevice(resident.id, `${MARK} bed`);
  const other = await addDevice(neighbour.id, 'kitchen');
  const watch = await addDevice(resident.id, `${MARK} wrist`, 'generic-wearable');
  const wornAt = Date.now();
  const readings = (at: number) => [72, 73].map((value, n) => ({ metric: 'heart-rate', value, at: at + n }));
  await sendVitals(await connectDevice(watch), watch.deviceId, readings(wornAt));
  const isStored = async () => (await metric(gateway, 'zhuji_vitals_stored')) === 2;
  await until(isStored, { timeoutMs: 30_000, what: 'two readings to be stored' });
  const location = { lat: 31.219_735_1, lon: 121.5 };
  const { incident } = await pressAndSee(feed, device, { type: 'sos', text: `${MARK} pressed`, location });
  const kept = await pressAndSee(feed, other, { type: 'sos', text: 'the neighbour pressed' });
  await operator.act(incident.id, 'claim', {});
  await operator.act(incident.id, 'note', { text: `${MARK} note` });
  await operator.act(kept.incident.id, 'note', { text: 'the note about the neighbour' });
  await operator.act(incident.id, 'call', { number: '+8613700003333', result: 'answered' });
  const ground = 'PIPL 47, request of 2026-11-21';

  // While a case is open nothing is erased.
  const refused = await admin.ask('POST', `/residents/${resident.id}/erase`, { ground });
  expect(refused).toMatchObject({ status: 409, body: { code: 'conflict' } });
  const byOperator = await operator.ask('POST', `/residents/${resident.id}/erase`, { ground });
  expect(byOperator.status).toBe(403);
  const closing = { outcome: 'helped', contact: 'seen-by', name: `${MARK} nurse`, text: `${MARK} fine` } as const;
  await operator.act(incident.id, 'resolve', closing);
  await admin.post(`/residents/${resident.id}/statuses`, { kind: 'hospital', note: `${MARK} ward` }).catch(() => null);

  const dry = await gateway.zhujiJson<ResidentErased>(
    'erase',
    '--resident',
    resident.id,
    '--ground',
    ground,
    '--dry-run',
  );
  expect(dry).toMatchObject({
    dryRun: true,
    erasedAt: null,
    counts: { incidents: 1, frames: 1, contacts: 1, homes: 1, readings: null },
  });
  expect(await database.dump()).toContain(`${MARK} note`);
  expect(await dumpRedis(redisUrl)).toContain(`${MARK} note`);

  const erased = await gateway.zhujiJson<ResidentErased>('erase', '--resident', resident.id, '--ground', ground);
  expect(erased).toMatchObject({ dryRun: false, isDone: true, counts: { ...dry.counts, readings: 2 } });
  expect(erased.counts.texts).toBe(3);
  // What the watch remembers of the time before.
  expect(await sendVitals(await connectDevice(watch), watch.deviceId, readings(wornAt + 10))).toBe(true);
  const isLeftOut = async () => (await metric(gateway, 'zhuji_vitals_erased')) === 2;
  await until(isLeftOut, { timeoutMs: 30_000, what: 'late readings to be left out' });
  const left = await database.rows('select from observations union all select from observations_hour');
  expect(left).toHaveLength(0);
  for (const dump of [await database.dump(), await dumpRedis(redisUrl)]) {
    for (const trace of [MARK, Buffer.from(`${MARK} pressed`).toString('base64').slice(0, 8), '31.2197351', '137000']) {
      expect(dump.split('\n').filter((line) => line.includes(trace))).toEqual([]);
    }
    // Nobody else's is touched.
    expect(dump).toContain('the note about the neighbour');
  }
  expect(await admin.get<Resident>(`/residents/${resident.id}`)).toMatchObject({ contacts: [], number: null });

  const verified = await gateway.zhujiJson<{ ok: boolean; erasures: object[] }>('audit', 'verify');
  expect(verified).toMatchObject({ ok: true, faults: [], erasures: [{ residentId: resident.id, ground }] });
  const supervisor = await hire(gateway, admin, { username: 'boss', roles: ['supervisor'] });
  const file = await supervisor.get<CaseFile>(`/incidents/${incident.id}/case`);
  expect(file).toMatchObject({
    erased: { ground, by: expect.stringMatching(/^local:/) },
    chain: { ok: true, faults: [] },
  });
  expect(file.alarms).toMatchObject([{ raw: null }]);
  expect(file.steps.map(({ type }) => type)).toEqual(expect.arrayContaining(['opened', 'note', 'call', 'resolve']));
  const told = await gateway.zhuji('case', incident.id);
  expect(told.stdout).toContain(`ERASED ${file.erased?.at}`);
  expect(told.stdout).not.toContain(MARK);
  // Its device rings on, and belongs to nobody.
  const again = await pressAndSee(feed, device, { type: 'sos' });
  expect(again.incident).toMatchObject({ residentId: null, flags: ['no-resident'] });
});
