import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startGateway } from '../../../harness/gateway.ts';
import { until } from '../../../harness/until.ts';
import { hire, logInAsAdmin } from '../../../smoke/world/operator.ts';

/** As many as may listen at once, and some. */
const CONSOLES = 520;

/** Asks for the feed from a point that this gateway does not know yet, and leaves while the gateway waits for it. */
async function askAndLeave(httpUrl: string, cookie: string): Promise<void> {
  const url = `${httpUrl}/api/v1/events?after=9999999999999-0`;
  const request = get(url, { headers: { cookie }, agent: false });
  request.on('error', () => undefined);
  request.on('response', (response) => response.resume());
  await delay(600);
  request.destroy();
}

test('consoles that leave before the feed begins take no place from those who come', async () => {
  const gateway = await startGateway();
  const { body } = await (
    await logInAsAdmin(gateway)
  ).ask<{ token: string }>('POST', '/session', {
    username: 'admin',
    password: 'admin-of-the-tests',
    token: true,
  });
  const cookie = `zj_session=${body.token}`;
  for (let asked = 0; asked < CONSOLES; asked += 104) {
    await Promise.all(Array.from({ length: 104 }, () => askAndLeave(gateway.httpUrl, cookie)));
  }
  // The gateway waits for a point that it does not know for a second.
  await delay(1500);
  const response = await fetch(`${gateway.httpUrl}/api/v1/events`, { headers: { cookie } });
  expect(response.status).toBe(200);
  await response.body?.cancel();
});

test('one account has ten streams: with more its oldest end, and others keep theirs', async () => {
  const gateway = await startGateway();
  const admin = await logInAsAdmin(gateway);
  const other = await (await hire(gateway, admin, { username: 'other' })).listen();
  const greedy = await hire(gateway, admin, { username: 'greedy' });
  const feeds: Awaited<ReturnType<typeof greedy.listen>>[] = [];
  for (let n = 0; n < 12; n += 1) feeds.push(await greedy.listen());
  await until(() => feeds.filter((feed) => feed.isOver()).length === 2, {
    timeoutMs: 30_000,
    what: 'the oldest to end',
  });
  expect(feeds.map((feed) => feed.isOver())).toEqual(feeds.map((_, n) => n < 2));
  expect(other.isOver()).toBe(false);
});
