import { pino } from 'pino';
import { systemClock } from '../../../gateway/clock.ts';
import { openRegistry } from '../../../gateway/registry/open-registry.ts';
import type { Registry } from '../../../gateway/registry/registry.ts';
import { createPool, takeLeave } from '../../../gateway/store/postgres.ts';
import { afterwards } from '../../harness/cleanup.ts';

type Admin = { username: string; password: string | null };
type Opened = { registry: Registry; revoked: string[]; admins: Admin[]; stop: () => Promise<void> };

type Options = { gatewayId?: string; tickMs?: number; statementTimeoutMs?: number };

/** A registry as `app.ts` opens it, with bounds that a test can wait for; it ends with the test. */
export function open(databaseUrl: string, dataDir: string, options: Options = {}): Opened {
  const logger = pino({ level: 'silent' });
  const bounds = { maxConnections: 3, connectTimeoutMs: 500, statementTimeoutMs: options.statementTimeoutMs ?? 1_000 };
  const pool = createPool({ databaseUrl, applicationName: 'test', logger, ...bounds });
  const revoked: string[] = [];
  const admins: Admin[] = [];
  const registry = openRegistry({
    pool,
    databaseUrl,
    gatewayId: options.gatewayId ?? 'gateway-1',
    dataDir,
    logger,
    clock: systemClock,
    adminPassword: null,
    hashPassword: async (password) => `hash of ${password.length}`,
    onFirstAdmin: (admin) => admins.push(admin),
    isModel: (model) => model === 'generic-pendant',
    onDeviceRevoked: (id) => revoked.push(id),
    tickMs: options.tickMs ?? 100,
  });
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (isStopped) return;
    isStopped = true;
    await registry.stop();
    await takeLeave(pool);
  };
  afterwards(stop);
  return { registry, revoked, admins, stop };
}
