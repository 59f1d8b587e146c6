import { setTimeout } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import type { CaseFile } from '../../gateway/api/contract/history.ts';
import type { IncidentAlarm, IncidentDetail } from '../../gateway/api/contract/incident.ts';
import { until } from '../harness/until.ts';
import { connectDevice, type Credentials } from './world/device.ts';
import { addDevice } from './world/register.ts';
import { openWorld, pressAndSee, type World } from './world/world.ts';

const MINUTE = 60_000;
let world: World;
beforeAll(async () => {
  world = await openWorld();
});

type Wearer = Credentials & { readonly residentId: string | null };

/** A watch that sends vital signs; each reading in a message of its own, `agoMs` old, else ten seconds after the one before. */
async function wear(device: Wearer) {
  const link = await connectDevice(device);
  const beganAt = Date.now();
  let sent = 0;
  return async (...readings: readonly { metric: string; value: number; agoMs?: number; worn?: boolean }[]) => {
    for (const { agoMs, ...reading } of readings) {
      sent += 1;
      const at = beganAt - (agoMs ?? 4 * MINUTE - sent * 10_000);
      const message = { at, readings: [reading] };
      expect(await link.publish(`zj/v1/${device.deviceId}/vitals`, message)).toBe(true);
    }
  };
}

const addWatch = (name: string) => addDevice(world.gateway, { name, model: 'generic-wearable' });

/** The case that the device is in once it has such a line; the feed brings it. */
async function caseOf({ deviceId }: Wearer, find: (detail: IncidentDetail) => unknown = () => true) {
  return until(
    async () => {
      const open = (await world.operator.list()).items.filter((incident) => incident.deviceId === deviceId);
      for (const { id } of open) {
        const detail = await world.operator.detail(id);
        if (find(detail)) return detail;
      }
      return null;
    },
    { timeoutMs: 30_000, what: `a case of ${deviceId}` },
  );
}

const measured = ({ alarms }: IncidentDetail): (IncidentAlarm['measure'] | undefined)[] =>
  alarms.filter(({ type }) => type === 'vitals').map(({ measure }) => measure);

test('three readings in a row beyond a limit ring with priority 2, and say what was measured and for how long', async () => {
  const device = await addWatch('Wang');
  const send = await wear(device);
  await send({ metric: 'spo2', value: 97, agoMs: 17 * MINUTE });
  await send(
    { metric: 'spo2', value: 89, agoMs: 14 * MINUTE },
    { metric: 'spo2', value: 60, agoMs: 13 * MINUTE, worn: false },
  );
  expect((await world.operator.list()).items.filter(({ deviceId }) => deviceId === device.deviceId)).toEqual([]);
  await send({ metric: 'spo2', value: 88, agoMs: 13.5 * MINUTE }, { metric: 'spo2', value: 86, agoMs: 8 * MINUTE });
  const detail = await caseOf(device);
  const { residentId } = device;
  expect(detail).toMatchObject({ type: 'vitals', priority: 2, state: 'open', ringing: true, residentId, presses: 1 });
  const [measure] = measured(detail);
  expect(measure).toMatchObject({ metric: 'spo2', value: 86, unit: '%', limit: 92, side: 'low' });
  expect(Math.round((measure?.forMs ?? 0) / MINUTE)).toBe(6);
  // The log says it too, on every screen and in the case file.
  expect(detail.log.find(({ type }) => type === 'opened')?.data).toMatchObject({ measure });
  const file = await until(
    async () => {
      const { status, body } = await world.admin.ask<CaseFile>('GET', `/incidents/${detail.id}/case`);
      return status === 200 ? body : null;
    },
    { timeoutMs: 30_000, what: 'the case file' },
  );
  expect(file.steps.find(({ type }) => type === 'opened')?.data).toMatchObject({ measure });

  for (const [value, agoMin] of [
    [85, 7.5],
    [95, 6],
    [96, 3],
    [96, 0.1],
  ] as const)
    await send({ metric: 'spo2', value, agoMs: agoMin * MINUTE });
  const back = await caseOf(device, ({ log }) => log.some(({ data }) => data['kind'] === 'restored'));
  expect(back).toMatchObject({ id: detail.id, state: 'open', ringing: true, presses: 1 });
  expect(measured(back)).toHaveLength(1);
});

test('it joins what is open of the same person, and rings there', async () => {
  const device = await addWatch('Li');
  const { incident } = await pressAndSee(world.feed, device, { type: 'sos' });
  await world.operator.act(incident.id, 'claim', {});
  const send = await wear(device);
  await send(...[138, 140, 141].map((value) => ({ metric: 'heart-rate', value })));
  const detail = await caseOf(device, ({ presses }) => presses === 2);
  expect(detail).toMatchObject({ id: incident.id, priority: 1, ringing: true, types: ['sos', 'vitals'] });
  expect(measured(detail)).toMatchObject([{ metric: 'heart-rate', value: 141, limit: 130, side: 'high' }]);
});

test('limits of a person’s own count from the moment they are recorded', async () => {
  const device = await addWatch('Zhao');
  const limits = [{ metric: 'spo2', low: 84, high: null }];
  expect((await world.admin.ask('PUT', `/residents/${device.residentId}/limits`, { limits })).status).toBe(200);
  const send = await wear(device);
  await send(...[88, 87, 86, 85].map((value) => ({ metric: 'spo2', value })));
  await send(...[83, 83, 82].map((value) => ({ metric: 'spo2', value })));
  expect(measured(await caseOf(device))).toMatchObject([{ value: 82, limit: 84 }]);
});

test('one measurement far beyond rings where a person measures now and then', async () => {
  const device = await addWatch('Sun');
  const send = await wear(device);
  await send({ metric: 'glucose', value: 1.9, agoMs: 0.5 * MINUTE });
  expect(measured(await caseOf(device))).toMatchObject([{ metric: 'glucose', value: 1.9, limit: 3, forMs: 0 }]);
});

test('a watch whose clock tells local time as UTC is watched, and the case says that the clock is wrong', async () => {
  const device = await addWatch('Zhou');
  const send = await wear(device);
  // What comes faster than every five seconds might have been kept.
  const sending = Array.from({ length: 12 }, (_, n) => n).reduce(async (before, n) => {
    await before;
    await send({ metric: 'spo2', value: 80 - (n % 3), agoMs: -8 * 60 * MINUTE - n * 2000 });
    await setTimeout(2000);
  }, Promise.resolve());
  const [detail] = await Promise.all([caseOf(device), sending]);
  expect(measured(detail)).toMatchObject([{ metric: 'spo2', limit: 92 }]);
  expect(detail.flags).toContain('clock');
});

test('somebody in hospital is watched there; their key rings all the same', async () => {
  const device = await addWatch('Chen');
  await world.admin.ask('PUT', `/residents/${device.residentId}/status`, { kind: 'hospital' });
  const send = await wear(device);
  await send(...[80, 80, 80, 80].map((value) => ({ metric: 'spo2', value })));
  const { incident } = await pressAndSee(world.feed, device, { type: 'sos' });
  expect(incident).toMatchObject({ type: 'sos', presses: 1, types: ['sos'] });
});
