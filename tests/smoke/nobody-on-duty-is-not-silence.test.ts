import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { IncidentPage } from '../../gateway/api/contract/incident.ts';
import { until } from '../harness/until.ts';
import { comeOnDuty } from './world/attendance.ts';
import { listSteps, loadCase } from './world/ladder.ts';
import { hire, logIn } from './world/operator.ts';
import { pressOnce } from './world/press.ts';
import { addDevice, localClient } from './world/register.ts';
import { openWorld } from './world/world.ts';

/** Seconds; so short that everybody is gone soon. */
const PRESENCE_S = 2;

test('nobody is there at all: it rings, is tried again every 15 s and told as a hole in the coverage, until somebody comes', async () => {
  const { gateway, admin } = await openWorld({ env: { ZHUJI_PRESENCE_S: String(PRESENCE_S) } });
  const password = 'of the one who comes';
  // Somebody of quite another region.
  await admin.post('/users', { username: 'far', password, roles: ['operator'], regions: ['elsewhere'] });
  await hire(gateway, admin, { username: 'asleep' });
  await delay(2 * PRESENCE_S * 1000);

  const device = await addDevice(gateway, { name: '尤奶奶' });
  await pressOnce(device, { type: 'sos' });
  const client = localClient(gateway);
  const listOpen = async () => (await client.request<IncidentPage>('GET', '/incidents')).items;
  const id = await until(async () => (await listOpen()).find(({ deviceId }) => deviceId === device.deviceId)?.id, {
    timeoutMs: 30_000,
    what: 'the case',
  });
  const opened = await until(
    async () => {
      const detail = await loadCase(gateway, id);
      return listSteps(detail).length >= 5 ? detail : null;
    },
    { timeoutMs: 30_000, what: 'the whole pass' },
  );
  expect(listSteps(opened).every(({ isEmpty }) => isEmpty)).toBe(true);
  expect(listSteps(opened).at(-1)?.afterMs).toBeLessThan(14_500);
  expect(opened).toMatchObject({ state: 'open', ringing: true });
  await until(async () => (await listOpen()).some(({ type }) => type === 'no-coverage'), {
    timeoutMs: 30_000,
    what: 'the technical incident',
  });

  const again = await until(
    async () => {
      const steps = listSteps(await loadCase(gateway, id)).filter(({ step }) => step === 'begin-again');
      return steps.length >= 1 ? steps : null;
    },
    { timeoutMs: 45_000, what: 'the next pass' },
  );
  expect(again[0]?.afterMs).toBeGreaterThan(14_500);
  expect(again[0]?.afterMs).toBeLessThan(29_500);

  const far = await logIn(gateway, { username: 'far', password });
  await comeOnDuty(far);
  const feed = await far.listen();
  await feed.until(
    ({ entry, incident }) => incident.id === id && entry.type === 'rang' && entry.data['step'] === 'duty-operators',
    'the ring at whoever is there, of whatever region',
    45_000,
  );
  expect(await far.act(id, 'claim', {})).toMatchObject({ owner: { id: far.user.id }, ringing: false });
});
