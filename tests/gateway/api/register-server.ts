import { createDatabase } from '../../harness/postgres.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { DEVICE_MODELS } from '../../../devices/catalog/models.ts';
import type { Pool } from 'pg';
import { type CaseFiles, createCaseFiles } from '../../../gateway/api/auth/case-files.ts';
import { Passwords } from '../../../gateway/api/auth/passwords.ts';
import { Presence } from '../../../gateway/api/presence.ts';
import { createRegisterApi } from '../../../gateway/api/register-api.ts';
import type { RouteModule } from '../../../gateway/api/route.ts';
import { createServer } from '../../../gateway/api/server.ts';
import { type Clock, systemClock } from '../../../gateway/clock.ts';
import type { OpenIncident } from '../../../gateway/incidents/record.ts';
import { CHINA } from '../../../gateway/registry/phone-number.ts';
import { openRegistry } from '../../../gateway/registry/open-registry.ts';
import type { Registry } from '../../../gateway/registry/registry.ts';
import { createPool } from '../../../gateway/store/postgres.ts';
import { afterwards } from '../../harness/cleanup.ts';

export type RegisterServer = {
  readonly url: string;
  readonly socketPath: string;
  readonly registry: Registry;
  readonly revoked: string[];
  readonly read: string[];
  /** Type and actor of what was noted in the audit trail. */
  readonly noted: string[];
  readonly firstAdmin: { username: string; password: string | null }[];
  readonly stop: () => Promise<void>;
};

export const ADMIN_PASSWORD = 'correct horse battery';

/** What other routes stand on. */
export type RegisterParts = {
  readonly pool: Pool;
  readonly directory: Registry['directory'];
  readonly caseFiles: CaseFiles;
};

/** Log-in and register as `app.ts` wires them, on real sockets and a real Postgres; without alarms. */
export async function startRegisterServer(options: {
  readonly databaseUrl: string;
  readonly redisUrl?: string;
  readonly dataDir: string;
  readonly clock?: Clock;
  readonly adminPassword?: string | null;
  readonly gatewayId?: string;
  /** Open incidents, for what they open. */
  readonly open?: readonly OpenIncident[];
  readonly dashboardDir?: string;
  /** Routes beside those of the register. */
  readonly more?: (parts: RegisterParts) => readonly RouteModule[];
}): Promise<RegisterServer> {
  const logger = pino({ level: 'silent' });
  const clock = options.clock ?? systemClock;
  const pool = createPool({ databaseUrl: options.databaseUrl, applicationName: 'test', logger, maxConnections: 3 });
  const passwords = new Passwords();
  const revoked: string[] = [];
  const read: string[] = [];
  const noted: string[] = [];
  const firstAdmin: { username: string; password: string | null }[] = [];
  const registry = openRegistry({
    pool,
    databaseUrl: options.databaseUrl,
    gatewayId: options.gatewayId ?? 'gateway-1',
    dataDir: options.dataDir,
    logger,
    clock,
    adminPassword: options.adminPassword === undefined ? ADMIN_PASSWORD : options.adminPassword,
    hashPassword: (password) => passwords.hash(password),
    onFirstAdmin: (admin) => firstAdmin.push(admin),
    isModel: (model) => DEVICE_MODELS.find(model) !== undefined,
    onDeviceRevoked: (id) => revoked.push(id),
    tickMs: 200,
  });
  // Nobody listens on port 1; a test without Redis sees what people see when it is away.
  const redis = new Redis(options.redisUrl ?? 'redis://127.0.0.1:1', {
    lazyConnect: true,
    enableOfflineQueue: false,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  if (options.redisUrl !== undefined) await redis.connect();
  const presence = new Presence({
    redis,
    directory: registry.directory,
    writer: options.gatewayId ?? 'gateway-1',
    leaseMs: 30_000,
    memory: { load: async () => [], keep: () => undefined },
    clock,
    logger,
  });
  const { directory } = registry;
  const caseFiles = createCaseFiles({ open: () => options.open ?? [], directory });
  const api = createRegisterApi({
    registry,
    note: (type, actor) => void noted.push(`${type} ${actor}`),
    passwords,
    catalog: DEVICE_MODELS,
    numbering: CHINA,
    redis,
    clock,
    logger,
    sessionMs: 3_600_000,
    presence,
    caseFiles,
    isHttps: false,
    lastContactAt: () => null,
    mqttUrl: () => 'mqtt://127.0.0.1:1883',
    onPersonRead: (actor, ids) => read.push(...ids.map((id) => `${actor} ${id}`)),
  });
  const server = await createServer({
    host: '127.0.0.1',
    port: 0,
    tls: null,
    trustedProxies: null,
    dataDir: options.dataDir,
    dashboardDir: options.dashboardDir ?? `${options.dataDir}/no-dashboard`,
    version: '0.0.0',
    logger,
    auth: api.auth,
    routes: [...api.routes, ...(options.more?.({ pool, directory, caseFiles }) ?? [])],
  });
  await registry.start();
  await api.endedSessions.start();
  await presence.start();
  const { url, socketPath } = await server.start();
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (isStopped) return;
    isStopped = true;
    await server.stop();
    api.endedSessions.stop();
    presence.stop();
    await registry.stop();
    await pool.end();
    redis.disconnect();
  };
  afterwards(stop);
  return { url, socketPath, registry, revoked, read, noted, firstAdmin, stop };
}

export type Answer = {
  readonly status: number;
  readonly body: ReturnType<typeof JSON.parse>;
  readonly headers: Headers;
};

/** A JSON request; `as` is a token. */
export async function call(
  url: string,
  method: string,
  path: string,
  { as, body, headers }: { as?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(as === undefined ? {} : { authorization: `Bearer ${as}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
}

export async function logIn(url: string, username = 'admin', password = ADMIN_PASSWORD): Promise<string> {
  const { status, body } = await call(url, 'POST', '/api/v1/session', { body: { username, password, token: true } });
  if (status !== 201) throw new Error(`log-in answered ${status}`);
  return body.token;
}

/** On a database of its own, with the admin logged in: what they ask, and whom they hire. */
export async function startAsAdmin(options: Pick<Parameters<typeof startRegisterServer>[0], 'open' | 'more'> = {}) {
  const { databaseUrl } = await createDatabase();
  const server = await startRegisterServer({ databaseUrl, dataDir: await scratchDir(), ...options });
  const admin = await logIn(server.url);
  const ask = (method: string, path: string, body?: unknown, as = admin) =>
    call(server.url, method, `/api/v1${path}`, { as, ...(body === undefined ? {} : { body }) });
  const addUser = async (username: string, roles: string[], regions: string[]) => {
    const { body } = await ask('POST', '/users', { username, roles, regions });
    return logIn(server.url, username, body.password);
  };
  return { ...server, databaseUrl, admin, ask, addUser };
}
