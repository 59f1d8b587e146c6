import pg from 'pg';
import { expect, test } from 'vitest';
import type { Ready } from '../../gateway/api/contract/feed.ts';
import { afterwards } from '../harness/cleanup.ts';
import { startGateway } from '../harness/gateway.ts';
import { ownRedis } from '../harness/own-servers.ts';
import { until } from '../harness/until.ts';
import { logInAsAdmin } from './world/operator.ts';
import { pressOnce } from './world/press.ts';
import { addDevice } from './world/register.ts';

const PRESSES = 60;

async function connectTo(databaseUrl: string) {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  afterwards(() => client.end());
  return async (sql: string): Promise<number> => {
    const { rows } = await client.query<{ count: string }>(sql);
    return Number(rows[0]?.count);
  };
}

test('two gateways that write the history at once, killed again and again, write every line once', async () => {
  const redis = await ownRedis();
  const first = await startGateway({ redisUrl: redis.redisUrl, env: { ZHUJI_GATEWAY_ID: 'a' } });
  const databaseUrl = first.databaseUrl ?? '';
  const options = { redisUrl: redis.redisUrl, databaseUrl };
  let second = await startGateway({ ...options, env: { ZHUJI_GATEWAY_ID: 'b' } });
  const device = await addDevice(first, { name: '周爷爷' });
  for (let n = 0; n < PRESSES; n += 1) {
    await pressOnce(device, { type: 'sos', text: `press ${n}` });
    if (n % 15 !== 14) continue;
    await second.kill9();
    second = await startGateway({ ...options, dataDir: second.dataDir, env: { ZHUJI_GATEWAY_ID: 'b' } });
  }
  const count = await connectTo(databaseUrl);
  // What the gateway raises about itself is not counted.
  const joined = () =>
    count(`select count(*) from incident_log where type in ('opened', 'joined') and actor like 'device:%'`);
  await until(async () => (await joined()) >= PRESSES, { timeoutMs: 30_000, what: 'the history' });
  // As if nothing had ever been taken, while both are at work.
  await count('with gone as (delete from projector_cursor returning 1) select count(*) from gone');
  await pressOnce(device, { type: 'sos', text: 'last' });
  await until(async () => (await joined()) > PRESSES, { timeoutMs: 30_000, what: 'the last press' });
  await until(async () => (await count('select count(*) from projector_cursor')) >= 1, {
    timeoutMs: 30_000,
    what: 'the cursor',
  });

  expect(await joined()).toBe(PRESSES + 1);
  expect(await count('select count(*) from events where device_id is not null')).toBe(PRESSES + 1);
  const admin = await logInAsAdmin(first);
  await until(
    async () => {
      const ready = (await (await fetch(`${first.httpUrl}/readyz`)).json()) as Ready;
      return ready.checks['projector']?.status === 'ok';
    },
    { timeoutMs: 30_000, what: 'the check' },
  );
  const { items } = await admin.list();
  const { log } = await admin.detail(items[0]?.id ?? '');
  const kept = await count(`select count(*) from incident_log where incident_id = '${items[0]?.id}'`);
  expect(kept).toBeGreaterThanOrEqual(log.length);
  expect(await count('select count(*) from audit_chain')).toBe(await count('select seq as count from audit_head'));
});
