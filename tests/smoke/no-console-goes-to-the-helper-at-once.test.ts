import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { UserCreated } from '../../gateway/api/contract/session.ts';
import type { Resident } from '../../gateway/api/contract/registry.ts';
import { startReceiver } from '../harness/receiver.ts';
import { until } from '../harness/until.ts';
import { listSteps, loadCase, untilReached } from './world/ladder.ts';
import { hire, logIn, type Operator } from './world/operator.ts';
import { addDevice } from './world/register.ts';
import { openWorld, pressAndSee } from './world/world.ts';

const LEASE_MS = 2000;
const REGION = 'city/east';

test('no console is open: a helper on duty is called at once, and sees that case and no other', async () => {
  const webhook = await startReceiver((_request, response) => void response.writeHead(200).end('{}'));
  const env = {
    ZHUJI_WEBHOOK_URL: webhook.url,
    ZHUJI_WEBHOOK_SECRET: 'a secret of this test'.replaceAll(' ', '-'),
    ZHUJI_PRESENCE_S: String(LEASE_MS / 1000),
  };
  const { gateway, admin, operator, feed } = await openWorld({ env });
  const hireHelper = async (username: string, region: string): Promise<Operator> => {
    const helper = await hire(gateway, admin, { username, roles: ['helper'], regions: [region] });
    await helper.ask('PUT', '/duty', { on: true, sound: false });
    return helper;
  };
  const helper = await hireHelper('helper', REGION);
  const elsewhere = await hireHelper('elsewhere', 'city/west');
  const offDuty = await hireHelper('off-duty', REGION);
  await offDuty.ask('PUT', '/duty', { on: false, sound: false });
  // Longer than the lease: whoever made all this is gone, and a helper needs no heartbeat.
  await delay(3 * LEASE_MS);
  const { residentId, ...device } = await addDevice(gateway, { name: '吴爷爷', region: REGION });

  const { incident } = await pressAndSee(feed, device, { type: 'sos' });
  const steps = await untilReached(gateway, incident.id, 'duty-helpers', 30_000);
  expect(steps.filter(({ isEmpty }) => !isEmpty).map(({ step }) => step)).toEqual(['duty-helpers']);
  // Not even one step was waited for: the first of them would be 15 s.
  expect(steps.at(-1)?.afterMs).toBeLessThan(14_500);
  const call = await until(() => webhook.requests.find(({ body }) => body.includes(incident.id)), {
    timeoutMs: 30_000,
    what: 'the call to the helper',
  });
  expect(JSON.parse(call.body)).toMatchObject({ to: { kind: 'user', id: helper.user.id } });
  expect(listSteps(await loadCase(gateway, incident.id)).length).toBeGreaterThan(0);
  for (const stranger of [elsewhere, offDuty]) {
    expect(webhook.requests.some(({ body }) => body.includes(stranger.user.id))).toBe(false);
    expect((await stranger.ask('GET', `/incidents/${incident.id}`)).status).toBe(404);
  }

  // Another case, to which nobody called them: somebody is at a console again.
  await operator.ask('PUT', '/duty', { on: true, sound: true });
  const other = await pressAndSee(feed, await addDevice(gateway, { name: '郑奶奶', region: REGION }), { type: 'sos' });
  expect((await helper.list()).items.map(({ id }) => id)).toEqual([incident.id]);
  expect((await helper.ask('GET', `/incidents/${other.incident.id}`)).status).toBe(404);
  expect((await helper.ask('GET', '/homes')).body).toMatchObject({ items: [] });
  expect((await helper.ask('GET', '/residents')).body).toMatchObject({ items: [] });
  expect((await helper.ask('GET', '/devices')).body).toMatchObject({ items: [] });
  expect((await helper.ask('POST', '/incidents', { text: 'x', type: 'sos', source: 'phone' })).status).toBe(403);

  // The file of the person is for who goes there, as long as the case is open.
  const file = `/residents/${residentId ?? ''}`;
  const helperFeed = await helper.listen();
  expect((await helper.ask('GET', file)).status).toBe(404);
  // Until then they see how the case stands, and nothing of what was said in it.
  const said = '他的女儿说钥匙在邻居家';
  await operator.act(incident.id, 'note', { text: said });
  const noted = await helperFeed.until(({ entry }) => entry.type === 'note', 'that somebody noted something');
  expect(noted.entry.data).toEqual({});
  expect(await helper.detail(incident.id)).toMatchObject({ type: 'sos', region: REGION, alarms: [], log: [] });
  await helper.act(incident.id, 'accept', { minutes: 5 });
  await helperFeed.until(({ entry }) => entry.type === 'accept', 'the own acceptance');
  const { homeId } = await helper.get<Resident>(file);
  expect((await helper.ask('GET', `/homes/${homeId}`)).status).toBe(200);
  const whole = await helper.detail(incident.id);
  expect(whole.alarms).toHaveLength(1);
  expect(JSON.stringify(whole.log)).toContain(said);
  expect(helperFeed.incidents.every(({ incident: told }) => told.id === incident.id)).toBe(true);
  await operator.act(incident.id, 'resolve', { outcome: 'helped', contact: 'spoke-with-person', text: said });
  expect((await helper.ask('GET', file)).status).toBe(404);
  // It is over: their screen hears that, and then it is gone.
  const over = await helperFeed.until(({ incident: told }) => told.state === 'resolved', 'the end of the case');
  expect(over.entry.data).toEqual({});
  expect((await helper.ask('GET', `/incidents/${incident.id}`)).status).toBe(404);
  for (const query of ['', 'state=all', 'state=resolved']) expect((await helper.list(query)).items).toEqual([]);
});

test('whoever logs off is on duty no more, and that the last console closed is told', async () => {
  const { gateway, admin, operator, feed } = await openWorld({ env: { ZHUJI_PRESENCE_S: String(LEASE_MS / 1000) } });
  const password = 'of somebody who goes home';
  const { userId } = await addUser(admin, password);
  const last = await logIn(gateway, { username: 'last', password });
  await last.ask('PUT', '/duty', { on: true, sound: true });
  await delay(LEASE_MS);
  expect((await last.ask('DELETE', '/session')).status).toBe(204);
  const again = await logIn(gateway, { username: 'last', password });
  expect(await again.get('/duty')).toMatchObject({ userId, on: false, sound: false });
  const told = await feed.until(({ incident }) => incident.type === 'no-coverage', 'that nobody is on duty');
  expect(told.incident).toMatchObject({ state: 'open', region: null });
  // Somebody comes: it is over by itself.
  await operator.ask('PUT', '/duty', { on: true, sound: true });
  await feed.until(({ incident }) => incident.id === told.incident.id && incident.state === 'resolved', 'its end');
});

async function addUser(admin: Operator, password: string): Promise<{ readonly userId: string }> {
  const user = { username: 'last', password, roles: ['operator'], regions: ['*'] };
  return { userId: (await admin.post<UserCreated>('/users', user)).id };
}
