import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { afterwards } from '../harness/cleanup.ts';
import { runZhuji, startGateway, type CommandOutcome } from '../harness/gateway.ts';
import { createDatabase } from '../harness/postgres.ts';
import { processesBelow } from '../harness/processes-below.ts';
import { createRedis } from '../harness/redis.ts';
import { scratchDir } from '../harness/scratch.ts';
import { connectDevice } from './world/device.ts';
import { addDevice } from './world/register.ts';

type Faults = { readonly code: string; readonly faults: readonly { readonly code: string; readonly key: string }[] };

async function takenPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterwards(() => void server.close());
  return String((server.address() as AddressInfo).port);
}

/** Starts with free ports and servers of the worker, but for `env`; it must end by itself. */
async function serve(env: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<CommandOutcome> {
  const { databaseUrl } = await createDatabase();
  return runZhuji(['serve', ...words], {
    ZHUJI_DATA: join(await scratchDir(), 'data'),
    ZHUJI_HTTP_PORT: '0',
    ZHUJI_MQTT_PORT: '0',
    DATABASE_URL: databaseUrl,
    REDIS_URL: (await createRedis()).redisUrl,
    ...env,
  });
}

test('a port in use is named with its setting, for people and for programs', async () => {
  const port = await takenPort();
  const http = await serve({ ZHUJI_HTTP_PORT: port });
  expect(http.code).toBe(1);
  expect(http.stderr).toContain(`zhuji: ZHUJI_HTTP_PORT="${port}"`);
  const mqtt = await serve({ ZHUJI_MQTT_PORT: port }, '--json');
  expect(mqtt.code).toBe(1);
  const { faults } = JSON.parse(mqtt.stderr.trim().split('\n').at(-1) ?? '') as Faults;
  expect(faults).toMatchObject([{ code: 'in-use', key: 'ZHUJI_MQTT_PORT', value: port }]);
  const dc09 = await serve({ ZHUJI_DC09_PORT: port });
  expect(dc09.code).toBe(1);
  expect(dc09.stderr).toContain(`zhuji: ZHUJI_DC09_PORT="${port}"`);
});

test('with its own servers a start that fails leaves nothing running', async () => {
  const dataDir = join(await scratchDir(), 'data');
  const env = { ZHUJI_DATA: dataDir, ZHUJI_HTTP_PORT: '0', ZHUJI_MQTT_PORT: await takenPort() };
  const { code, stderr } = await runZhuji(['serve'], env);
  expect(code).toBe(1);
  expect(stderr).toContain('ZHUJI_MQTT_PORT');
  expect(processesBelow(dataDir)).toEqual([]);
});

test('several wrong settings are all told at once, and no secret is repeated', async () => {
  const env = {
    ZHUJI_HTTP_PORT: '70000',
    ZHUJI_MQTT_PORT: 'mqtt',
    ZHUJI_LOG_LEVEL: 'loud',
    ZHUJI_PRESENCE_S: '-1',
    ZHUJI_MQTT_TLS_CERT: '/nowhere.pem',
    ZHUJI_ADMIN_PASSWORD: 'short-pw',
    ZHUJI_HTPP_HOST: '0.0.0.0',
    REDIS_URL: 'http://secret-of-redis@example.org',
    DATABASE_URL: 'secret-of-postgres',
  };
  const { code, stderr } = await serve(env, '--json');
  expect(code).toBe(2);
  const { code: kind, faults } = JSON.parse(stderr) as Faults;
  expect(kind).toBe('config');
  const keys = new Set(faults.map(({ key }) => key));
  for (const key of Object.keys(env)) {
    // Its certificate is fine as a setting; what is missing is the key.
    expect(keys).toContain(key === 'ZHUJI_MQTT_TLS_CERT' ? 'ZHUJI_MQTT_TLS_KEY' : key);
  }
  expect(stderr).not.toMatch(/short-pw|secret-of/);
  const { stderr: forPeople } = await serve(env);
  for (const key of keys) expect(forPeople).toContain(key);
  expect(forPeople).not.toMatch(/short-pw|secret-of/);
});

test('a data folder that another gateway uses is refused, and that gateway goes on', async () => {
  const gateway = await startGateway();
  const link = await connectDevice(await addDevice(gateway));
  const { code, stderr } = await serve({ ZHUJI_DATA: gateway.dataDir });
  expect(code).toBe(1);
  expect(stderr).toContain('ZHUJI_DATA');
  expect(stderr).toContain(`process ${gateway.pid}`);
  expect(await link.press()).toBe(true);
  expect((await gateway.zhuji('device', 'list')).code).toBe(0);
});

test('a data folder that cannot be one is refused by name', async () => {
  const file = join(await scratchDir(), 'file');
  await writeFile(file, '');
  for (const dataDir of [file, join(file, 'below')]) {
    const { code, stderr } = await serve({ ZHUJI_DATA: dataDir });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^zhuji: .*ZHUJI_DATA\n$/);
    expect(stderr).toContain(dataDir);
  }
});

test('without a Redis on the PATH the message says what to install', async () => {
  const { code, stderr } = await serve({ REDIS_URL: '', PATH: await scratchDir() });
  expect(code).toBe(1);
  expect(stderr).toContain('apt-get install redis-tools');
  expect(stderr).toContain('REDIS_URL');
});

test('with Redis and PostgreSQL away it starts all the same and keeps alarms', async () => {
  const away = { redisUrl: 'redis://127.0.0.1:1', databaseUrl: 'postgres://nobody@127.0.0.1:1/none' };
  const gateway = await startGateway(away);
  const device = { deviceId: 'd1', username: 'd1', password: 'any', mqttUrl: gateway.mqttUrl };
  const link = await connectDevice(device);
  expect(await link.press({ type: 'sos', text: 'kept' })).toBe(true);
  expect((await fetch(`${gateway.httpUrl}/readyz`)).status).toBe(200);
  expect((await gateway.stop()).code).toBe(0);
});
