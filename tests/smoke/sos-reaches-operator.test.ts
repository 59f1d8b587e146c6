import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test, type TestContext } from 'vitest';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { needTool } from '../harness/tools.ts';
import { logIn, type Operator } from './world/operator.ts';

const run = promisify(execFile);

type Added = { readonly [name: string]: string };

/** A gateway as anybody starts it, everything added with the command line, one operator on the feed. */
async function openSite(context: TestContext) {
  needTool(context, 'mosquitto_pub');
  const gateway = await startGateway({ embedded: true });
  const person = ['--name', '王秀英', '--region', 'yuyao/fengshan/xinjian'];
  const resident = await gateway.zhujiJson<Added>('resident', 'add', ...person);
  const hired = ['--username', 'li', '--role', 'operator', '--region', 'yuyao'];
  const user = await gateway.zhujiJson<Added>('user', 'add', ...hired);
  const operator = await logIn(gateway, { username: 'li', password: user['password'] ?? '' });
  return { gateway, resident, operator, feed: await operator.listen() };
}

function addPendant(gateway: TestGateway, resident: Added, ...more: string[]) {
  return ['device', 'add', '--model', 'generic-pendant', '--resident', resident['residentId'] ?? '', ...more];
}

async function closeTheLine(operator: Operator, incidentId: string): Promise<void> {
  const claimed = await operator.act(incidentId, 'claim', {});
  expect(claimed).toMatchObject({ state: 'claimed', ringing: false, owner: { id: operator.user.id } });
  const refused = await operator.tryTo(incidentId, 'resolve', { outcome: 'helped' });
  expect(refused).toMatchObject({ status: 422, body: { code: 'contact-needed' } });
  const closed = await operator.act(incidentId, 'resolve', { outcome: 'helped', contact: 'spoke-with-person' });
  expect(closed).toMatchObject({ state: 'resolved', ringing: false, next: null });
  expect((await operator.list()).items.filter(({ deviceId }) => deviceId !== null)).toEqual([]);
}

test('a press by mosquitto_pub, with what `device add --json` gave, rings at the operator', async (context) => {
  const { gateway, resident, operator, feed } = await openSite(context);
  const device = await gateway.zhujiJson<Added>(...addPendant(gateway, resident));
  const { hostname, port } = new URL(device['mqttUrl'] ?? '');
  const { username = '', password = '', topic = '', deviceId } = device;
  expect(topic).toBe(`zj/v1/${deviceId}/alarm`);

  const where = ['-h', hostname, '-p', port, '-u', username, '-P', password];
  await run('mosquitto_pub', ['-q', '1', ...where, '-t', topic, '-m', '{"type":"sos"}']);

  const rang = await feed.until(
    ({ entry, incident }) => entry.type === 'rang' && incident.deviceId === deviceId,
    'the ring on the feed',
  );
  expect(rang.incident).toMatchObject({
    state: 'open',
    type: 'sos',
    priority: 1,
    residentId: resident['residentId'],
    homeId: resident['homeId'],
    deviceId,
    region: 'yuyao/fengshan/xinjian',
    presses: 1,
    flags: [],
    owner: null,
    ringing: true,
    next: { step: 'duty-operators' },
  });
  // The steps that are due at once come first.
  const settled = await feed.until(
    ({ incident }) => incident.id === rang.incident.id && Date.parse(incident.next?.at ?? '') - Date.now() > 5_000,
    'the first step that waits',
  );
  const { items, asOf } = await operator.list();
  // The gateway may have a case of its own: nobody is on duty here.
  expect(items.filter((item) => item.deviceId !== null)).toEqual([settled.incident]);
  await feed.until(({ eventId }) => eventId === asOf, 'what the list is as of');
  const detail = await operator.detail(rang.incident.id);
  expect(detail.alarms).toMatchObject([{ type: 'sos', kind: 'alarm', deviceId, flags: [], faults: [] }]);
  expect(detail.log.map(({ type }) => type).slice(0, 3)).toEqual(['opened', 'received', 'rang']);
  expect(await operator.get(`/residents/${resident['residentId']}`)).toMatchObject({ name: '王秀英' });

  await closeTheLine(operator, rang.incident.id);
  await feed.until(({ entry }) => entry.type === 'resolved', 'the end on the feed');
});

test('the line that `device add` prints for a shell presses the key', async (context) => {
  const { gateway, resident, operator, feed } = await openSite(context);
  const { stdout } = await gateway.zhuji(...addPendant(gateway, resident, '--id', 'bedside'));
  const line = /^ *mosquitto_pub .*$/m.exec(stdout)?.[0] ?? '';

  await run('sh', ['-c', line]);

  const rang = await feed.until(({ entry }) => entry.type === 'rang', 'the ring on the feed');
  expect(rang.incident).toMatchObject({ deviceId: 'bedside', residentId: resident['residentId'], ringing: true });
  await closeTheLine(operator, rang.incident.id);
});
