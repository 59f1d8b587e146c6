import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startGateway } from '../harness/gateway.ts';
import { until } from '../harness/until.ts';
import { comeOnDuty } from './world/attendance.ts';
import { listSteps, loadCase, untilReached } from './world/ladder.ts';
import { loadLedger } from './world/ledger.ts';
import { logIn, logInAsAdmin } from './world/operator.ts';
import { pressOnce } from './world/press.ts';
import { addDevice } from './world/register.ts';
import { openWorld } from './world/world.ts';

const DEVICES = 20;

test('one cry comes to two gateways at the same moment: one case, one press, one ladder, on both screens', async () => {
  const { gateway, operator, feed } = await openWorld();
  const { redisUrl = '', databaseUrl = '' } = gateway;
  const second = await startGateway({ redisUrl, databaseUrl, env: { ZHUJI_GATEWAY_ID: 'second' } });
  await comeOnDuty(operator);
  const otherAdmin = await logInAsAdmin(second);
  const otherFeed = await otherAdmin.listen();
  const devices = await Promise.all(
    Array.from({ length: DEVICES }, (_, n) => addDevice(gateway, { id: `twice-${n}` })),
  );
  // Its registration is known to the other gateway too.
  await until(async () => (await otherAdmin.get<{ items: unknown[] }>('/devices')).items.length >= DEVICES, {
    timeoutMs: 30_000,
    what: 'the devices',
  });
  await delay(1_000);
  const mqttUrls = [gateway.mqttUrl, second.mqttUrl];
  await Promise.all(
    devices.flatMap((device) => {
      const payload = { type: 'sos', id: '1', at: Date.now(), text: device.deviceId };
      return mqttUrls.map((mqttUrl) => pressOnce({ ...device, mqttUrl }, payload));
    }),
  );
  for (const each of [feed, otherFeed]) {
    await until(() => new Set(each.incidents.map(({ incident }) => incident.deviceId)).size >= DEVICES, {
      timeoutMs: 30_000,
      what: 'every case on the screen',
    });
  }
  const lines = (await loadLedger(gateway)).filter(({ alarm }) => alarm.deviceId?.startsWith('twice-') === true);
  expect(lines.flatMap(({ alarm }) => alarm.flags)).toEqual([]);
  expect(lines.map(({ alarm }) => alarm.text ?? '').toSorted()).toEqual(
    devices.map(({ deviceId }) => deviceId).toSorted(),
  );
  expect(new Set(lines.map(({ incidentId }) => incidentId)).size).toBe(DEVICES);

  // Both engines count the same deadline; one of them fires it.
  await delay(16_500);
  for (const { incidentId } of lines) {
    await untilReached(second, incidentId, 'all-operators', 60_000);
    const detail = await loadCase(second, incidentId);
    expect(detail.presses).toBe(1);
    const steps = listSteps(detail).map(({ step, pass }) => `${step} ${String(pass)}`);
    expect(steps).toEqual([...new Set(steps)]);
    expect(detail.log.filter(({ type, data }) => type === 'rang' && data['reason'] === 'opened')).toHaveLength(1);
    expect(detail.log.filter(({ type, data }) => type === 'rang' && data['step'] === 'all-operators')).toHaveLength(1);
  }
});

test('two operators at two gateways claim one case: one has it, the other is told who', async () => {
  const { gateway, admin, operator } = await openWorld();
  const { redisUrl = '', databaseUrl = '' } = gateway;
  const second = await startGateway({ redisUrl, databaseUrl, env: { ZHUJI_GATEWAY_ID: 'second' } });
  const password = 'at the other gateway';
  await admin.post('/users', { username: 'other', password, roles: ['operator'], regions: ['*'] });
  const other = await until(() => logIn(second, { username: 'other', password }).catch(() => null), {
    timeoutMs: 30_000,
    what: 'the log-in at the other gateway',
  });
  for (let round = 0; round < 10; round += 1) {
    const device = await addDevice(gateway, { id: `claimed-${round}` });
    const feed = await other.listen({ after: '0-0' });
    await pressOnce(device, { type: 'sos' });
    const { incident } = await feed.until(({ incident: of }) => of.deviceId === device.deviceId, 'the press');
    const answers = await Promise.all([
      operator.tryTo(incident.id, 'claim', {}),
      other.tryTo(incident.id, 'claim', {}),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    const winner = answers[0]?.status === 200 ? operator : other;
    for (const person of [operator, other]) {
      expect((await person.detail(incident.id)).owner?.id).toBe(winner.user.id);
    }
    await feed.cut();
  }
});
