import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { startReceiver } from '../harness/receiver.ts';
import { until } from '../harness/until.ts';
import { connectDevice } from './world/device.ts';
import { hire, type Operator } from './world/operator.ts';
import { addDevice } from './world/register.ts';
import { openWorld, type World } from './world/world.ts';

/** Long enough for feedback and the first steps of the ladder, which are due at once. */
const SETTLED_MS = 1_500;

let world: World;
let helper: Operator;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
  receiver = await startReceiver((_request, response) => void response.writeHead(200).end('{}'));
  world = await openWorld({
    env: { ZHUJI_WEBHOOK_URL: `${receiver.url}/in`, ZHUJI_WEBHOOK_SECRET: 'of-the-tests-only' },
  });
  helper = await hire(world.gateway, world.admin, { username: 'helper', roles: ['helper'] });
});

type Notice = {
  readonly to: { readonly kind: string; readonly id: string };
  readonly incident: { readonly id: string };
};

/** A device that listens for feedback, of somebody whose daughter wants to be told at once. */
async function install(name: string) {
  const device = await addDevice(world.gateway, { name });
  await world.admin.post(`/residents/${device.residentId ?? ''}/contacts`, {
    name: '女儿',
    relation: 'daughter',
    number: '+8613800001111',
    notice: true,
  });
  const link = await connectDevice(device);
  await link.subscribe(`zj/v1/${device.deviceId}/feedback`);
  const heard = (): string[] => link.messages.map(({ payload }) => String(JSON.parse(payload)['stage']));
  const press = async (type: string) => {
    await link.press({ type });
    const { incident } = await world.feed.until(
      ({ entry }) => entry.actor === `device:${device.deviceId}` && entry.data['type'] === type,
      `the ${type}`,
    );
    return incident.id;
  };
  return { heard, press };
}

/** Who was told of a case outside the centre, by whatever notice came to the receiver. */
function told(incidentId: string): { readonly kind: string; readonly id: string }[] {
  const notices = receiver.requests.map(({ body }) => JSON.parse(body) as Notice);
  return notices.filter(({ incident }) => incident.id === incidentId).map(({ to }) => to);
}

async function workOn(id: string): Promise<void> {
  const { operator } = world;
  await operator.act(id, 'claim', {});
  await operator.act(id, 'dispatch', { helperId: helper.user.id });
  await helper.act(id, 'accept', { minutes: 5 });
  await helper.act(id, 'arrive', {});
  await helper.act(id, 'with-person', {});
  await operator.act(id, 'resolve', { outcome: 'helped', contact: 'seen-by', name: '助老员' });
}

const STAGES = ['received', 'claimed', 'dispatched', 'accepted', 'arrived', 'with-person', 'resolved'];

test('what a pressed key tells the home step by step, duress tells nobody', async () => {
  const [sos, duress] = [await install('曹奶奶'), await install('严爷爷')];
  const [sosId, duressId] = [await sos.press('sos'), await duress.press('duress')];
  expect((await world.operator.detail(duressId)).advice).toEqual(['silent']);
  await workOn(sosId);
  await workOn(duressId);
  await until(() => sos.heard().includes('resolved'), { timeoutMs: 30_000, what: 'the last feedback' });
  expect(sos.heard()).toEqual(STAGES);
  await until(() => told(sosId).some(({ kind }) => kind === 'contact') && told(duressId).length > 0, {
    timeoutMs: 30_000,
    what: 'both notices',
  });
  await delay(SETTLED_MS);
  expect(duress.heard()).toEqual([]);
  // Only who was sent is told.
  expect(told(sosId)).toContainEqual(expect.objectContaining({ kind: 'contact' }));
  expect(told(duressId)).toEqual([expect.objectContaining({ kind: 'user', id: helper.user.id })]);
});

test('duress after a pressed key silences the home and tells no contact from then on', async () => {
  const device = await install('华奶奶');
  const id = await device.press('sos');
  await until(() => device.heard().length > 0, { timeoutMs: 30_000, what: 'that the key was received' });
  const countTold = (): number => told(id).filter(({ kind }) => kind === 'contact').length;
  await until(() => countTold() > 0, { timeoutMs: 30_000, what: 'the notice for the daughter' });
  await delay(SETTLED_MS);
  const before = countTold();
  expect(await device.press('duress')).toBe(id);
  await workOn(id);
  await delay(SETTLED_MS);
  expect(device.heard()).toEqual(['received']);
  expect(countTold()).toBe(before);
});
