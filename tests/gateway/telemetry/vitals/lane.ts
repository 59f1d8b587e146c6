import pg from 'pg';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { Reading } from '../../../../devices/reading.ts';
import type { Observation } from '../../../../gateway/telemetry/observation.ts';
import { createVitals, type VitalsDeps } from '../../../../gateway/telemetry/vitals/vitals.ts';
import { createDatabase } from '../../../harness/postgres.ts';
import { scratchDir } from '../../../harness/scratch.ts';
import { until } from '../../../harness/until.ts';
import { HandClock } from '../../ingest/hand-clock.ts';
import { PLAIN_SCHEMA } from './plain-table.fixture.ts';

/** A database with a plain table, and what stands in it. */
export async function plainDatabase() {
  const { databaseUrl } = await createDatabase({ migrated: false });
  const client = new pg.Client({ connectionString: databaseUrl });
  // The end of the database at the end of the test.
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  await client.query(PLAIN_SCHEMA);
  const values = async (): Promise<number[]> => {
    const { rows } = await client.query<{ value: number }>('select value from plain_observations order by value');
    return rows.map(({ value }) => value);
  };
  return {
    databaseUrl,
    client,
    values,
    untilStored: (count: number) =>
      until(async () => (await values()).length >= count, { timeoutMs: 30_000, what: `${count} rows in the table` }),
  };
}

/** A lane with its thread, on a clock that stands; `table` null is the product's. It ends with the test. */
export async function startLane(
  databaseUrl: string,
  more: Partial<VitalsDeps> = {},
  table: URL | null = new URL('./plain-table.fixture.ts', import.meta.url),
) {
  const clock = new HandClock();
  const raised: string[] = [];
  const restored: string[] = [];
  const told: Observation[] = [];
  const dataDir = more.dataDir ?? (await scratchDir());
  const vitals = createVitals({
    dataDir,
    gatewayId: 'g-1',
    databaseUrl,
    wearerAt: (deviceId) => `r-${deviceId}`,
    alarms: { raise: (code) => void raised.push(code), restore: (code) => void restored.push(code) },
    // The rules at once.
    later: (work) => work(),
    clock,
    logger: pino({ level: 'silent' }),
    ...(table === null ? {} : { table }),
    ...more,
  });
  vitals.onAccepted((observations) => void told.push(...observations));
  onTestFinished(() => vitals.stop());
  await vitals.start();
  const accept = async (deviceId: string, readings: readonly Reading[], atMs: number): Promise<void> =>
    new Promise((resolve) => vitals.door.accept(deviceId, readings, atMs, resolve));
  let sent = 0;
  /** One reading, told apart from the others by its value and its time. Undefined where it was done with at once. */
  const trySend = (value: number, device = 'w-1'): Promise<void> | undefined => {
    sent += 1;
    const reading: Reading = { metric: 'heart-rate', value, at: clock.nowMs() - 1000 + sent, flags: 0 };
    const done = Promise.withResolvers<void>();
    let isDone = false;
    vitals.door.accept(device, [reading], clock.nowMs(), () => {
      isDone = true;
      done.resolve();
    });
    return isDone ? undefined : done.promise;
  };
  const send = async (value: number, device?: string): Promise<void> => trySend(value, device);
  return { vitals, clock, raised, restored, told, dataDir, accept, send, trySend };
}

export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
