import { expect, test } from 'vitest';
import type { Checks } from '../../../../gateway/api/contract/feed.ts';
import { healthRoutes } from '../../../../gateway/api/routes/health.ts';
import { startBareServer } from '../bare-server.ts';

test('it is ready as long as an alarm can be made durable; what is not well is said, its details only to this machine', async () => {
  let checks: Checks = { journal: { status: 'ok', detail: 'writing' }, redis: { status: 'ok', detail: 'durable' } };
  let canKeep = true;
  const routes = [healthRoutes({ checks: () => checks, canKeepAlarms: () => canKeep })];
  const { url } = await startBareServer({ routes, trustedProxies: '127.0.0.1' });
  const ask = async (from?: string) => {
    const answer = await fetch(`${url}/readyz`, { headers: from === undefined ? {} : { 'x-forwarded-for': from } });
    return { code: answer.status, ...((await answer.json()) as { status: string; checks: Checks }) };
  };
  expect(await ask()).toEqual({ code: 200, status: 'ok', checks });
  checks = { ...checks, redis: { status: 'failed', detail: 'does not answer' } };
  expect(await ask()).toEqual({ code: 200, status: 'degraded', checks });
  canKeep = false;
  expect(await ask()).toEqual({ code: 503, status: 'failed', checks });
  const elsewhere = { journal: { status: 'ok' }, redis: { status: 'failed' } };
  expect(await ask('203.0.113.9')).toEqual({ code: 503, status: 'failed', checks: elsewhere });
  // The process answers all the same.
  const alive = await fetch(`${url}/healthz`);
  expect([alive.status, await alive.json()]).toEqual([200, { status: 'ok' }]);
});
