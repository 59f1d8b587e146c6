import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { expect, test } from 'vitest';
import { formatDatabaseUrl } from '../../gateway/embedded/postgres-settings.ts';
import { openSocketFolder } from '../../gateway/embedded/socket-folder.ts';
import { INCIDENT_KEYS } from '../../gateway/incidents/keys.ts';
import { startGateway } from '../harness/gateway.ts';
import { ownRedis } from '../harness/own-servers.ts';
import { processesBelow, signal } from '../harness/processes-below.ts';
import { scratchDir } from '../harness/scratch.ts';
import { until } from '../harness/until.ts';
import { loadContract, type Contract } from './world/contract.ts';
import type { DeviceLink } from './world/device.ts';
import { readLogs } from './world/logs.ts';
import { logIn } from './world/operator.ts';
import { rescue } from './world/planted-actions.ts';
import { askBadly, fillRegister, speakMqtt, usePeople, workIncidents, type Scene } from './world/planted-scene.ts';
import { useHistory } from './world/planted-history.ts';
import { plant } from './world/planted.ts';
import { plantWebhook, sendReceipts } from './world/planted-webhook.ts';

/** Without these the scene did not take place. */
const EXPECTED_LINES = [
  'a file was read',
  'alarm could not be decided',
  'alarm decided',
  'connection cut',
  'embedded server died',
  'message dropped or bad',
  'notified',
  'redis did not take an alarm',
  'request answered',
  'request failed',
];

/** PostgreSQL itself refuses a row, and would tell all of it. */
async function refuseRow({ gateway, planted, admin }: Scene): Promise<void> {
  const connectionString = formatDatabaseUrl(await openSocketFolder(gateway.dataDir, tmpdir()));
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query('ALTER TABLE residents ADD CONSTRAINT refused CHECK (false) NOT VALID');
  const answer = await admin.ask('POST', '/residents', { name: planted.text('refused.row'), region: 'city' });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  await client.query('ALTER TABLE residents DROP CONSTRAINT refused');
  await client.end();
}

async function breakThings({ gateway, redis, planted, admin }: Scene, link: DeviceLink): Promise<void> {
  const postgres = () => processesBelow(join(gateway.dataDir, 'postgres'));
  for (const pid of postgres()) signal(pid, 'SIGSTOP');
  const waiting = admin.ask('POST', '/residents', { name: planted.text('frozen.postgres'), region: 'city' });
  await link.press({ type: 'sos', text: planted.text('alarm.frozen.postgres') });
  for (const pid of postgres()) signal(pid, 'SIGKILL');
  expect((await waiting).status).toBe(503);

  const callIn = (field: string) =>
    admin.ask('POST', '/incidents', { type: 'sos', source: 'visit', text: planted.text(field) });
  const client = new Redis(redis.redisUrl);
  await client.rename(INCIDENT_KEYS.log, 'aside');
  await client.set(INCIDENT_KEYS.log, 'a string');
  await link.press({ type: 'sos', text: planted.text('alarm.wrong.kind') });
  expect((await callIn('hand.wrong.kind')).status).toBe(500);
  await until(() => gateway.stderr().includes('alarm could not be decided'), {
    timeoutMs: 30_000,
    what: 'the failure',
  });
  await client.rename('aside', INCIDENT_KEYS.log);
  client.disconnect();

  // Without Redis the gateway goes on by itself.
  redis.freeze();
  await link.press({ type: 'sos', text: planted.text('alarm.frozen.redis') });
  expect((await callIn('hand.frozen.redis')).status).toBe(201);
  await redis.kill9();
  await link.press({ type: 'sos', text: planted.text('alarm.killed.redis') });
  expect((await callIn('hand.killed.redis')).status).toBe(201);
  await redis.start();
  const isBack = async () => (await admin.ask('GET', '/incidents?state=all')).status === 200;
  await until(isBack, { timeoutMs: 30_000, what: 'Redis' });
}

/** Operations of the OpenAPI that no request of the scene was answered well by: a new one must be tried here too. */
function listUntried({ answered }: Scene, document: Contract['document']): string[] {
  const operations = Object.entries(document['paths'] ?? {}).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const fits = (operation: string) => new RegExp(`^${operation.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
  return operations.filter((operation) => !answered.some((request) => fits(operation).test(request)));
}

test('nothing that is planted in any field stands in any log, whatever happens, at level trace', async () => {
  const planted = plant();
  const redisLog = join(await scratchDir(), 'redis.log');
  const redis = await ownRedis({ settings: { logfile: redisLog, loglevel: 'debug' } });
  const password = planted.text('admin.password');
  const webhook = await plantWebhook(planted);
  const env = { ZHUJI_LOG_LEVEL: 'trace', ZHUJI_ADMIN_PASSWORD: password, ...webhook.env };
  const gateway = await startGateway({ embedded: true, redisUrl: redis.redisUrl, env });
  const admin = await logIn(gateway, { username: 'admin', password, by: 'token' });
  const scene: Scene = { gateway, redis, planted, admin, answered: [] };

  await usePeople(scene, admin);
  const { device, resident } = await fillRegister(scene);
  const link = await speakMqtt(scene, device);
  await workIncidents(scene, resident);
  await rescue(scene, resident);
  await useHistory(scene, device.deviceId);
  await askBadly(scene, resident);
  await sendReceipts(scene, webhook);
  const { document } = await loadContract(`${gateway.httpUrl}/api/v1`);
  expect(listUntried(scene, document)).toEqual([]);
  await refuseRow(scene);
  await breakThings(scene, link);
  expect((await gateway.stop()).code).toBe(0);

  const logs = await readLogs(gateway);
  logs.set('redis.log', await readFile(redisLog, 'utf8'));
  expect([...logs.keys()]).toContain('postgres.log');
  // No log but the list of who was erased, and on what ground, for whoever restores a backup (design §7).
  logs.delete('erasures.log');
  for (const [name, text] of logs) expect({ name, leaks: planted.findIn(text) }).toEqual({ name, leaks: [] });
  for (const line of EXPECTED_LINES) expect(logs.get('stderr')).toContain(`"msg":"${line}"`);
  // The search finds what is there: the journal keeps the frame as it came, in base64.
  const journal = await readFile(join(gateway.dataDir, 'journal', '000000000001.journal'), 'latin1');
  expect(planted.findIn(journal)).toEqual(
    expect.arrayContaining(['half.json', 'binary', 'will', 'alarm.killed.redis']),
  );
});
