import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { ENDED_KEY } from '../../../gateway/api/auth/ended-sessions.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { createDatabase } from '../../harness/postgres.ts';
import { createRedis } from '../../harness/redis.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { until } from '../../harness/until.ts';
import { ADMIN_PASSWORD, call, logIn, startRegisterServer } from './register-server.ts';

async function start(options: { redisUrl?: string; clock?: { nowMs: () => number; monoMs: () => number } } = {}) {
  const { databaseUrl } = await createDatabase();
  return startRegisterServer({ databaseUrl, dataDir: await scratchDir(), ...options });
}

const credentials = { username: 'admin', password: ADMIN_PASSWORD };

test('logging in answers who one is and sets a cookie that no script can read', async () => {
  const { url, firstAdmin } = await start();
  expect(firstAdmin).toEqual([{ username: 'admin', password: null }]);
  const { status, body, headers } = await call(url, 'POST', '/api/v1/session', { body: credentials });
  expect(status).toBe(201);
  expect(body).toEqual({
    user: { id: expect.any(String), username: 'admin', name: 'admin', roles: ['admin'], regions: ['*'] },
    expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    csrf: expect.any(String),
  });
  const cookie = headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^zj_session=zj1\.[^;]+; Max-Age=3(599|600); Path=\/; HttpOnly; SameSite=Strict$/);
});

test('a cookie reads freely and writes only with the csrf token of its session', async () => {
  const { url } = await start();
  const first = await call(url, 'POST', '/api/v1/session', { body: credentials });
  const other = await call(url, 'POST', '/api/v1/session', { body: credentials });
  const cookie = (first.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const current = await call(url, 'GET', '/api/v1/session', { headers: { cookie } });
  expect(current).toMatchObject({ status: 200, body: { csrf: first.body.csrf } });
  const write = (headers: Record<string, string>) =>
    call(url, 'POST', '/api/v1/homes', { body: { address: 'x', region: null }, headers: { cookie, ...headers } });
  expect((await write({})).body.code).toBe('forbidden');
  expect((await write({ 'x-csrf': other.body.csrf })).body.code).toBe('forbidden');
  expect((await write({ 'x-csrf': first.body.csrf })).status).toBe(201);
  // Logging in again must work, whatever an old cookie says.
  const again = await call(url, 'POST', '/api/v1/session', { body: credentials, headers: { cookie } });
  expect(again.status).toBe(201);
});

test('logging out takes the cookie back', async () => {
  const { url } = await start();
  const { headers, body } = await call(url, 'POST', '/api/v1/session', { body: credentials });
  const cookie = (headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const out = await call(url, 'DELETE', '/api/v1/session', { headers: { cookie, 'x-csrf': body.csrf } });
  expect(out.status).toBe(204);
  expect(out.headers.get('set-cookie')).toMatch(/^zj_session=; .*Expires=Thu, 01 Jan 1970/);
});

test('after logging out a copy of the cookie and the token count no longer, and another console goes on', async () => {
  const { url } = await start();
  const { headers, body } = await call(url, 'POST', '/api/v1/session', { body: { ...credentials, token: true } });
  const cookie = (headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const elsewhere = await logIn(url);
  const who = (of: { as?: string; headers?: Record<string, string> }) => call(url, 'GET', '/api/v1/homes', of);
  expect((await who({ headers: { cookie } })).status).toBe(200);
  expect((await call(url, 'DELETE', '/api/v1/session', { as: body.token })).status).toBe(204);
  expect((await who({ headers: { cookie } })).body.code).toBe('unauthenticated');
  expect((await who({ as: body.token })).body.code).toBe('unauthenticated');
  expect((await who({ as: elsewhere })).status).toBe(200);
  // Nothing is left to end, which is no failure of whoever asks.
  expect((await call(url, 'DELETE', '/api/v1/session', { as: body.token })).status).toBe(401);
});

test('a log-out holds at the other gateway and after a restart, also of an empty Redis', async () => {
  const { redisUrl } = await createRedis();
  const { databaseUrl } = await createDatabase();
  const gateway = async (gatewayId: string) =>
    startRegisterServer({ databaseUrl, redisUrl, gatewayId, dataDir: await scratchDir() });
  const [one, two] = [await gateway('one'), await gateway('two')];
  const token = await logIn(one.url);
  const who = async (url: string) => (await call(url, 'GET', '/api/v1/homes', { as: token })).status;
  await until(async () => (await who(two.url)) === 200, { timeoutMs: 30_000, what: 'the key at the other gateway' });
  await call(one.url, 'DELETE', '/api/v1/session', { as: token });
  await until(async () => (await who(two.url)) === 401, {
    timeoutMs: 30_000,
    what: 'the log-out at the other gateway',
  });
  await one.stop();
  expect(await who((await gateway('one')).url)).toBe(401);

  const redis = new Redis(redisUrl);
  afterwards(() => redis.disconnect());
  await redis.del(ENDED_KEY);
  await until(async () => (await redis.exists(ENDED_KEY)) === 1, { timeoutMs: 30_000, what: 'it to be told again' });
});

test('a wrong password and an unknown user are told apart by nobody', async () => {
  const { url } = await start();
  const wrong = await call(url, 'POST', '/api/v1/session', { body: { ...credentials, password: 'wrong' } });
  const unknown = await call(url, 'POST', '/api/v1/session', { body: { ...credentials, username: "' or 1=1 --" } });
  expect(wrong).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  expect(unknown.body).toEqual(wrong.body);
});

test('a session ends by its time, by a raised epoch, and does not outlive a changed token', async () => {
  let nowMs = Date.now();
  const clock = { nowMs: () => nowMs, monoMs: () => performance.now() };
  const { url } = await start({ clock });
  const token = await logIn(url);
  expect((await call(url, 'GET', '/api/v1/session', { as: token })).status).toBe(200);
  expect((await call(url, 'GET', '/api/v1/session', { as: `${token}x` })).status).toBe(401);
  nowMs += 3_600_000;
  expect((await call(url, 'GET', '/api/v1/session', { as: token })).status).toBe(401);
});

test('sessions survive a restart of the gateway', async () => {
  const { databaseUrl } = await createDatabase();
  const dataDir = await scratchDir();
  const first = await startRegisterServer({ databaseUrl, dataDir });
  const token = await logIn(first.url);
  await first.stop();
  // The password of the environment counts at the first start only.
  const second = await startRegisterServer({ databaseUrl, dataDir, adminPassword: 'another password' });
  expect(second.firstAdmin).toEqual([]);
  expect((await call(second.url, 'GET', '/api/v1/session', { as: token })).status).toBe(200);
  expect(await logIn(second.url)).toMatch(/^zj1\./);
});

test('without a password in the environment one is made, told once, and works', async () => {
  const { databaseUrl } = await createDatabase();
  const server = await startRegisterServer({ databaseUrl, dataDir: await scratchDir(), adminPassword: null });
  const [admin] = server.firstAdmin;
  expect(await logIn(server.url, 'admin', admin?.password ?? '')).toMatch(/^zj1\./);
});

test('guessing gets slower, and the right password still opens', async () => {
  const { url } = await start();
  const attempt = async (password: string): Promise<number> => {
    const begun = performance.now();
    await call(url, 'POST', '/api/v1/session', { body: { ...credentials, password } });
    return performance.now() - begun;
  };
  for (let count = 0; count < 5; count += 1) await attempt('wrong');
  expect(await attempt('wrong')).toBeGreaterThanOrEqual(990);
  expect(await logIn(url)).toMatch(/^zj1\./);
});

test('more log-ins at once than one address may have are told when to come again', async () => {
  const { url } = await start();
  const answers = await Promise.all(
    Array.from({ length: 30 }, () =>
      call(url, 'POST', '/api/v1/session', { body: { ...credentials, password: 'wrong' } }),
    ),
  );
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  for (const { body, headers } of refused) {
    expect(body.code).toBe('too-many');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  }
});

test('without Postgres and without a snapshot nobody can log in, and it is said why', async () => {
  const server = await startRegisterServer({ databaseUrl: 'postgres://n@127.0.0.1:1/n', dataDir: await scratchDir() });
  const answer = await call(server.url, 'POST', '/api/v1/session', { body: credentials });
  expect(answer).toMatchObject({ status: 503, body: { code: 'degraded' } });
});

test('duty and presence are a person’s, and kept in Redis', async () => {
  const { redisUrl } = await createRedis();
  const nowMs = Date.parse('2026-01-01T00:00:00.000Z');
  // Real time for sessions, and a heartbeat to the millisecond.
  const { url } = await start({ redisUrl, clock: { nowMs: () => nowMs, monoMs: () => performance.now() } });
  const token = await logIn(url);
  const ask = (method: string, path: string, body?: unknown) =>
    call(url, method, `/api/v1/duty${path}`, { as: token, ...(body === undefined ? {} : { body }) });
  expect((await ask('GET', '')).body).toMatchObject({ on: false, sound: false, lastHeartbeatAt: null });
  expect((await ask('PUT', '', { on: true, sound: true })).body).toMatchObject({
    on: true,
    sound: true,
    lastHeartbeatAt: '2026-01-01T00:00:00.000Z',
  });
  expect((await ask('POST', '/heartbeat')).body).toMatchObject({ on: true, sound: true });
  expect((await ask('PUT', '', { on: 'yes', sound: true })).status).toBe(400);
});

test('the audit trail tells when a shift ends by a log-out, and not where another computer of the person goes on', async () => {
  const { url, noted } = await start();
  const [first, second] = [await logIn(url), await logIn(url)];
  const duty = () => noted.filter((line) => line.startsWith('duty ')).length;
  for (const as of [first, second]) {
    await call(url, 'PUT', '/api/v1/duty', { as, body: { on: true, sound: true } });
  }
  expect(duty()).toBe(2);
  await call(url, 'DELETE', '/api/v1/session', { as: first });
  expect(duty()).toBe(2);
  expect((await call(url, 'GET', '/api/v1/duty', { as: second })).body).toMatchObject({ on: true, sound: true });
  await call(url, 'DELETE', '/api/v1/session', { as: second });
  expect(duty()).toBe(3);
});

test('duty without Redis is what this gateway knows', async () => {
  const { url } = await start();
  const token = await logIn(url);
  const answer = await call(url, 'PUT', '/api/v1/duty', { as: token, body: { on: true, sound: true } });
  expect(answer).toMatchObject({ status: 200, body: { on: true, sound: true } });
  expect(await call(url, 'POST', '/api/v1/duty/heartbeat', { as: token })).toMatchObject({
    status: 200,
    body: { on: true },
  });
});
