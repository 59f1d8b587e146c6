import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { systemClock } from '../../gateway/clock.ts';
import { createEmbeddedPostgres } from '../../gateway/embedded/postgres.ts';
import { createEmbeddedRedis } from '../../gateway/embedded/redis.ts';
import { migrate } from '../../gateway/store/migrate.ts';
import { findFreePort } from '../demo/free-port.ts';
import { nameOf, secretOf } from './generator/client.ts';
import { startProcess, type Running } from './processes.ts';

const ZHUJI = join(import.meta.dirname, '..', 'zhuji', 'main.ts');
export const ADMIN_PASSWORD = 'admin-of-the-bench';

export type RunningGateway = Running & { readonly httpUrl: string };

/** Servers on a disk of their own, with every setting that a site has, and a register full of devices. */
export type Site = {
  readonly databaseUrl: string;
  readonly redisPort: number;
  readonly redisUrl: string;
  readonly query: <T extends pg.QueryResultRow>(sql: string, values?: unknown[]) => Promise<T[]>;
  readonly startGateway: () => Promise<RunningGateway>;
  readonly stop: () => Promise<void>;
};

export async function openSite(folder: string, devices: number): Promise<Site> {
  const options = { logger: pino({ level: 'silent' }), clock: systemClock };
  const dataDir = join(folder, 'servers');
  await mkdir(dataDir, { recursive: true });
  const redisPort = await findFreePort('127.0.0.1', 20_000 + (process.pid % 10_000));
  const redisUrl = `redis://127.0.0.1:${redisPort}`;
  const redis = createEmbeddedRedis({ dataDir, port: redisPort, ...options });
  const postgres = createEmbeddedPostgres({ dataDir, ...options });
  await redis.start();
  const databaseUrl = await postgres.start();
  await migrate(databaseUrl);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await addDevices(client, devices);
  let gateways = 0;
  return {
    databaseUrl,
    redisPort,
    redisUrl,
    query: async <T extends pg.QueryResultRow>(sql: string, values: unknown[] = []) =>
      (await client.query<T>(sql, values)).rows,
    startGateway: () => {
      gateways += 1;
      return startGateway(join(folder, `gateway-${gateways}`), { databaseUrl, redisUrl });
    },
    stop: async () => {
      await client.end();
      await Promise.all([redis.stop(), postgres.stop()]);
    },
  };
}

/** As `zhuji device add` leaves them, each worn by one resident; ten thousand one by one would take longer than the bench. */
async function addDevices(client: pg.Client, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, n) => n);
  const names = numbers.map(nameOf);
  const secrets = numbers.map(secretOf);
  await client.query('begin');
  await client.query(`insert into regions (path) values ('bench-city') on conflict do nothing`);
  await client.query(
    `insert into homes (id, region, address) select 'h-' || name, 'bench-city', 'Street of the bench' from unnest($1::text[]) as name`,
    [names],
  );
  await client.query(
    `insert into residents (id, home_id, name) select 'r-' || name, 'h-' || name, name from unnest($1::text[]) as name`,
    [names],
  );
  await client.query(
    `insert into devices (id, model, secret_sha256)
     select name, 'generic-wearable', sha256(convert_to(secret, 'UTF8')) from unnest($1::text[], $2::text[]) as t (name, secret)`,
    [names, secrets],
  );
  await client.query(
    `insert into device_bindings (device_id, number, home_id, bound_from, bound_by)
     select name, 1, 'h-' || name, now() - interval '1 year', 'system' from unnest($1::text[]) as name`,
    [names],
  );
  await client.query(
    `insert into device_binding_residents (device_id, number, resident_id)
     select name, 1, 'r-' || name from unnest($1::text[]) as name`,
    [names],
  );
  await client.query('commit');
}

async function startGateway(
  dataDir: string,
  { databaseUrl, redisUrl }: Pick<Site, 'databaseUrl' | 'redisUrl'>,
): Promise<RunningGateway> {
  const { PATH, HOME, TMPDIR } = process.env;
  const env = {
    ...{ PATH, HOME, TMPDIR },
    ZHUJI_DATA: dataDir,
    ZHUJI_HTTP_PORT: '0',
    ZHUJI_MQTT_PORT: '0',
    ZHUJI_KEEPER: 'off',
    ZHUJI_LOG_LEVEL: 'fatal',
    ZHUJI_ADMIN_PASSWORD: ADMIN_PASSWORD,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
  };
  const { said, stop } = await startProcess(ZHUJI, ['serve', '--json'], env);
  const told = JSON.parse(said) as { pid: number; http: number | string; mqtt: number | string };
  return {
    pid: told.pid,
    port: portOf(told.mqtt),
    httpUrl: `http://127.0.0.1:${portOf(told.http)}`,
    stop,
  };
}

function portOf(value: number | string): number {
  return typeof value === 'number' ? value : Number(/:(\d+)\/?$/.exec(value)?.[1]);
}
