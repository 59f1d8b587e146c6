import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { addDevice } from '../../../smoke/world/register.ts';
import { logInAsAdmin } from '../../../smoke/world/operator.ts';
import { pressOnce } from '../../../smoke/world/press.ts';
import { startGateway } from '../../../harness/gateway.ts';
import { until } from '../../../harness/until.ts';

const ask = async (url: string, headers: Readonly<Record<string, string>> = {}) => {
  const answer = await fetch(url, { headers });
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
};

test('a press is counted, timed and stands among the open ones; no name, no id', async () => {
  const gateway = await startGateway();
  const device = await addDevice(gateway, { name: '魏奶奶' });
  await pressOnce(device, { type: 'sos', text: 'help' });
  const url = `${gateway.httpUrl}/metrics`;
  const { text, type } = await until(
    async () => {
      const answer = await ask(url);
      return answer.text.includes('zhuji_open_incidents{priority="1",state="open"} 1') ? answer : false;
    },
    { timeoutMs: 30_000, what: 'the dispatched press' },
  );
  expect(type).toContain('text/plain');
  expect(text).toContain('zhuji_alarms_received_total{protocol="mqtt-json"} 1');
  // Beside the press what the gateway tells of itself, sooner or later: nobody is on duty.
  expect(text).toMatch(/zhuji_alarm_dispatch_seconds_count [1-9]/);
  expect(text).toMatch(/zhuji_alarms_acked_total\{path="(journal|redis)"\} [1-9]/);
  expect(text).toContain('zhuji_check{check="engine"} 0');
  for (const secret of ['魏', device.deviceId, 'help']) {
    expect(text.split('\n').filter((line) => !line.startsWith('#') && line.includes(secret))).toEqual([]);
  }
});

test('beyond this machine it needs a token', async (context) => {
  const beyond = Object.values(networkInterfaces())
    .flat()
    .find((each) => each?.internal === false && each.family === 'IPv4')?.address;
  if (beyond === undefined) return context.skip('this machine has no other address than loopback');
  const gateway = await startGateway({ env: { ZHUJI_HTTP_HOST: '0.0.0.0' } });
  const url = `http://${beyond}:${gateway.http}/metrics`;
  const refused = await ask(url);
  expect(refused.status).toBe(401);
  expect(refused.text).not.toContain('zhuji_open');
  const admin = await logInAsAdmin(gateway);
  const { body } = await admin.ask<{ token: string }>('POST', '/session', {
    username: 'admin',
    password: 'admin-of-the-tests',
    token: true,
  });
  expect((await ask(url, { authorization: `Bearer ${body.token}` })).status).toBe(200);
});
