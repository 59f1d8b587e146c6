import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import type { DeviceCreated, Resident } from '../../gateway/api/contract/registry.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { startReceiver } from '../harness/receiver.ts';
import { until } from '../harness/until.ts';
import { connectDevice, type Credentials } from './world/device.ts';
import { listSteps, loadCase } from './world/ladder.ts';
import { pressOnce } from './world/press.ts';
import { addDevice, localClient } from './world/register.ts';
import { startStickable, stick, type Stuck } from './world/stuck.ts';
import { workerOf, workersOf } from './world/workers.ts';

/** Silent for 10 s the keeper ends a worker; a start, on a machine with much to do. */
const STILL_MS = 10_000;
const RESTART_MS = 60_000;
/** A loop is told to be stuck after 3 to 5 s and ends the process after 30 s. */
const TOLD_MS = 60_000;
const ENDED_MS = 30_000;
/** What a silent gateway has in hand another one takes over after 5 s, at one of its looks every 1.25 s. */
const TAKEN_OVER_MS = 30_000;

/** What needs no waiting but for the machine. */
const SOON_MS = 30_000;

/** Of a device with a gateway that says nothing. */
const PATIENCE_MS = 2_000;

const KEPT = { ZHUJI_KEEPER: 'on' };

/** Her son chose to be told: there is work for every loop. */
async function addWang(gateway: TestGateway): Promise<Credentials> {
  const client = localClient(gateway);
  const { id: residentId } = await client.request<Resident>('POST', '/residents', {
    ...{ name: '王秀英', region: 'test-city' },
    contacts: [{ name: '王小明', number: '+8613900000001', notice: true }],
  });
  const asked = { model: 'generic-one-touch', residentIds: [residentId] };
  const { id: deviceId, ...device } = await client.request<DeviceCreated>('POST', '/devices', asked);
  return { ...device, deviceId };
}

async function listOpen(gateway: TestGateway): Promise<readonly Incident[]> {
  const { items } = await localClient(gateway).request<{ items: Incident[] }>('GET', '/incidents');
  return items;
}

/** The incident that a press of this device opened, once there is one. */
function untilRings(gateway: TestGateway, { deviceId }: Credentials, timeoutMs: number): Promise<Incident> {
  const find = async () => (await listOpen(gateway)).find((incident) => incident.deviceId === deviceId);
  return until(find, { timeoutMs, what: `the press of ${deviceId}`, everyMs: 100 });
}

/** An open technical incident in whose alarm this stands. */
function untilTold(gateway: TestGateway, text: string, timeoutMs: number): Promise<string> {
  const find = async (): Promise<string | undefined> => {
    for (const { id, type } of await listOpen(gateway)) {
      if (type !== 'system') continue;
      const { alarms } = await loadCase(gateway, id);
      if (alarms.some((alarm) => `${alarm.zone ?? ''} ${alarm.text ?? ''}`.includes(text))) return id;
    }
    return undefined;
  };
  return until(find, { timeoutMs, what: `an incident about ${text}`, everyMs: 100 });
}

async function untilRestarted(gateway: TestGateway, old: number, timeoutMs: number): Promise<void> {
  const isNew = async (): Promise<boolean> =>
    workersOf(gateway).some((pid) => pid !== old) && (await fetch(`${gateway.httpUrl}/healthz`)).ok;
  await until(isNew, { timeoutMs, what: 'another worker that listens', everyMs: 100 });
}

async function everythingStands(): Promise<void> {
  const gateway = await startStickable('event-loop', { env: KEPT });
  const device = await addDevice(gateway);
  const old = workerOf(gateway);
  stick(old);
  const stuckAt = performance.now();
  // As a device does: it tries until somebody acknowledges. What stands still acknowledges nothing.
  const press = async (): Promise<boolean> => {
    const link = await Promise.race([connectDevice(device), delay(PATIENCE_MS, null)]);
    const taken = link?.press({ type: 'sos', id: '1', at: Date.now() });
    return Promise.race([taken ?? false, delay(PATIENCE_MS, false)]);
  };
  await until(press, { timeoutMs: STILL_MS + RESTART_MS, what: 'an acknowledged press', everyMs: 100 });
  console.log(`a press was taken ${Math.round(performance.now() - stuckAt)} ms after the event loop stood still`);
  expect(workersOf(gateway)).not.toContain(old);
  await untilRings(gateway, device, SOON_MS);
  await untilTold(gateway, 'SIGKILL', SOON_MS);
  expect(gateway.stderr()).toContain('the gateway stands still and is ended');
}

async function oneLoopStands(loop: Stuck): Promise<void> {
  const receiver = await startReceiver();
  const webhook = { ZHUJI_WEBHOOK_URL: receiver.url, ZHUJI_WEBHOOK_SECRET: 'shared-with-the-receiver' };
  const gateway = await startStickable(loop, { env: { ...KEPT, ...webhook } });
  const device = await addWang(gateway);
  const old = workerOf(gateway);
  stick(old);
  // Durable before it is acknowledged, and taken in hand by what stands still.
  await pressOnce(device, { type: 'sos' });
  if (loop !== 'dispatch') {
    await untilRings(gateway, device, SOON_MS);
    await untilTold(gateway, `loop-stuck:${loop}`, TOLD_MS);
  }
  await untilRestarted(gateway, old, ENDED_MS + RESTART_MS);
  const { id } = await untilRings(gateway, device, SOON_MS);
  await untilTold(gateway, 'exit 70', SOON_MS);
  expect(gateway.stderr()).toContain(`"loop":"${loop}"`);
  const isNotified = async (): Promise<boolean> =>
    (await loadCase(gateway, id)).log.some(({ type, data }) => type === 'notified' && data['result'] === 'sent');
  await until(isNotified, { timeoutMs: SOON_MS, what: `the notice of ${loop}`, everyMs: 200 });
  if (loop !== 'engine') return;
  const isLouder = async () => listSteps(await loadCase(gateway, id)).some(({ step }) => step === 'supervisors');
  await until(isLouder, { timeoutMs: 60_000, what: 'the ladder to go on', everyMs: 500 });
}

async function anotherGatewayIsThere(): Promise<void> {
  const stuck = await startStickable('dispatch', { env: { ZHUJI_GATEWAY_ID: 'stuck' } });
  const { redisUrl = '', databaseUrl = '' } = stuck;
  const [inHand, later] = [await addDevice(stuck), await addDevice(stuck)];
  stick(stuck.pid);
  // Nobody else is there yet who could be handed this one.
  await pressOnce(inHand, { type: 'sos' });
  const other = await startGateway({ redisUrl, databaseUrl, env: { ZHUJI_GATEWAY_ID: 'other' } });
  const listensAt = performance.now();
  await pressOnce(later, { type: 'sos' });
  await untilRings(other, later, SOON_MS);
  await untilRings(other, inHand, TAKEN_OVER_MS);
  console.log(`taken over ${Math.round(performance.now() - listensAt)} ms after the other gateway began to listen`);
  await untilTold(other, 'loop-stuck:dispatch', TOLD_MS);
  expect((await stuck.end()).code).toBe(70);
}

const SCENES = [
  {
    name: 'when every loop of a gateway stands still its keeper starts it anew, and who presses meanwhile is heard',
    play: everythingStands,
  },
  {
    name: 'a dispatch that stands still with a press in hand ends the process, and the next one rings it',
    play: () => oneLoopStands('dispatch'),
  },
  {
    name: 'an engine that lost its tick is an incident, ends the process, and the ladder goes on',
    play: () => oneLoopStands('engine'),
  },
  {
    name: 'a notifier that stands still with a notice in hand is an incident, ends the process, and the next one sends it',
    play: () => oneLoopStands('notifier'),
  },
  {
    name: 'what one gateway has in hand and stands still with rings at another within seconds',
    play: anotherGatewayIsThere,
  },
] as const;

let outcomes: readonly PromiseSettledResult<void>[] = [];

// Nearly all of it is waiting: all of them at once.
beforeAll(async () => {
  outcomes = await Promise.allSettled(SCENES.map(({ play }) => play()));
}, 300_000);

for (const [n, { name }] of SCENES.entries()) {
  test(name, () => {
    const outcome = outcomes[n];
    if (outcome?.status === 'rejected') throw outcome.reason;
    expect(outcome?.status).toBe('fulfilled');
  });
}
