import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { IncidentPage } from '../../gateway/api/contract/incident.ts';
import type { Problem } from '../../gateway/api/contract/problem.ts';
import type { Resident } from '../../gateway/api/contract/registry.ts';
import { ADMIN_PASSWORD, startGateway, type TestGateway } from '../harness/gateway.ts';
import { ownPostgres } from '../harness/own-servers.ts';
import { scratchDir } from '../harness/scratch.ts';
import { until } from '../harness/until.ts';
import { hire, logIn, logInAsAdmin, type Operator } from './world/operator.ts';
import { pressOnce } from './world/press.ts';
import { addDevice, localClient } from './world/register.ts';
import { pressAndSee } from './world/world.ts';

/** Longest that a write waits for an answer: for a connection, and then for the end of what it asks. */
const WRITE_LIMIT_MS = 15_000;

const home = { address: 'x', region: 'test-city' };

/** A write of the register says in time that it is not possible now, and in words. */
async function expectRefusal(admin: Operator): Promise<void> {
  const begun = performance.now();
  const { status, body } = await admin.ask<Problem>('POST', '/homes', home);
  expect(performance.now() - begun).toBeLessThan(WRITE_LIMIT_MS);
  expect({ status, body }).toMatchObject({ status: 503, body: { code: 'degraded' } });
  expect(body.detail).toContain('database does not answer');
}

async function untilItIsBack(admin: Operator): Promise<void> {
  const isBack = async (): Promise<boolean> => (await admin.ask('POST', '/homes', home)).status === 201;
  await until(isBack, { timeoutMs: 60_000, everyMs: 500, what: 'the register by itself' });
}

async function checkOf(gateway: TestGateway): Promise<{ status: number; postgres: string }> {
  const response = await fetch(`${gateway.httpUrl}/readyz`);
  const { checks } = (await response.json()) as { checks: Record<string, { status: string }> };
  return { status: response.status, postgres: checks['postgres']?.status ?? '' };
}

test.each(['frozen', 'stopped'] as const)(
  'with Postgres %s people log in, go on duty, claim, call and resolve',
  async (how) => {
    const postgres = await ownPostgres();
    const gateway = await startGateway({ databaseUrl: postgres.databaseUrl });
    const admin = await logInAsAdmin(gateway);
    const boss = await hire(gateway, admin, { username: 'boss', roles: ['supervisor'] });
    const device = await addDevice(gateway, { name: '王奶奶' });
    const contact = { name: 'son', number: '+8613900000001' };
    await admin.post(`/residents/${device.residentId}/contacts`, contact);
    await boss.listen();
    if (how === 'frozen') postgres.freeze();
    else await postgres.stop();

    // The account is known from memory: its first log-in and one under a wrong password.
    const again = await logIn(gateway, { username: 'admin', password: ADMIN_PASSWORD, by: 'token' });
    await expect(logIn(gateway, { username: 'admin', password: 'something else' })).rejects.toThrow('401');
    const feed = await again.listen();
    expect((await boss.ask('PUT', '/duty', { on: true, sound: true })).status).toBeLessThan(300);
    expect((await boss.ask('POST', '/duty/heartbeat')).status).toBeLessThan(300);

    const { incident } = await pressAndSee(feed, device, '{"type":"sos"}');
    expect(incident).toMatchObject({ residentId: device.residentId, flags: [], ringing: true });
    const { contacts } = await boss.get<Resident>(`/residents/${device.residentId}`);
    expect(contacts).toMatchObject([contact]);
    expect(await boss.act(incident.id, 'claim', {})).toMatchObject({ owner: { id: boss.user.id } });
    await boss.act(incident.id, 'call', { contactId: contacts[0]?.id ?? '', result: 'answered' });
    await boss.act(incident.id, 'resolve', { outcome: 'helped', contact: 'spoke-with-person' });
    await expectRefusal(admin);
    await until(async () => (await checkOf(gateway)).postgres === 'degraded', {
      timeoutMs: 30_000,
      what: 'the notice',
    });
    expect((await checkOf(gateway)).status).toBe(200);

    if (how === 'frozen') postgres.thaw();
    else await postgres.start();
    await untilItIsBack(admin);
    expect(await checkOf(gateway)).toEqual({ status: 200, postgres: 'ok' });
    expect((await gateway.stop()).code).toBe(0);
  },
);

test('a gateway that starts without Postgres knows people and devices, and one that never saw it rings all the same', async () => {
  const postgres = await ownPostgres();
  const { databaseUrl } = postgres;
  const first = await startGateway({ databaseUrl });
  const device = await addDevice(first, { name: '王奶奶' });
  const snapshot = join(first.dataDir, 'register.snapshot.json');
  const isKept = async (): Promise<boolean> => (await readFile(snapshot, 'utf8')).includes(device.deviceId);
  await until(isKept, { timeoutMs: 30_000, what: 'the snapshot of the register' });
  await first.kill9();
  await postgres.stop();

  const { dataDir, redisUrl } = first;
  const second = await startGateway({ databaseUrl, dataDir, ...(redisUrl === undefined ? {} : { redisUrl }) });
  const admin = await logInAsAdmin(second);
  const feed = await admin.listen();
  const rang = await pressAndSee(feed, { ...device, mqttUrl: second.mqttUrl }, '{"type":"sos"}');
  expect(rang.incident).toMatchObject({ residentId: device.residentId, flags: [], ringing: true });
  await expectRefusal(admin);

  const third = await startGateway({ databaseUrl, dataDir: await scratchDir() });
  await expect(logInAsAdmin(third)).rejects.toThrow(/40[13]|503/);
  await pressOnce({ ...device, mqttUrl: third.mqttUrl }, '{"type":"sos"}');
  const isRinging = async (): Promise<boolean> => {
    const { items } = await localClient(third).request<IncidentPage>('GET', '/incidents');
    return items.some(({ deviceId, flags, ringing }) => {
      return deviceId === device.deviceId && ringing && flags.includes('unregistered');
    });
  };
  await until(isRinging, { timeoutMs: 30_000, what: 'a ring of a device that nobody knows here' });

  await postgres.start();
  await untilItIsBack(admin);
  await until(() => logInAsAdmin(third).catch(() => false), { timeoutMs: 60_000, what: 'the first log-in there' });
});
