import { expect, test } from 'vitest';
import { ContactLog } from '../../../gateway/history/contact-log.ts';
import { createContactKeeper, loadContactsAround } from '../../../gateway/history/contact-store.ts';
import { createMissedHeartbeats } from '../../../gateway/history/missed-heartbeats.ts';
import { createDatabase } from '../../harness/postgres.ts';
import { openPool } from './world.ts';

const START = 1_763_691_180_000;

/** Gateways that hear devices which report every minute, on one clock. */
async function openGateways() {
  const pool = openPool((await createDatabase()).databaseUrl);
  let now = START;
  const logs: ContactLog[] = [];
  const clock = { nowMs: () => now, monoMs: () => now };
  const begin = (gatewayId: string) => {
    const log = new ContactLog(clock, () => 60);
    logs.push(log);
    const keep = createContactKeeper(pool, gatewayId, log);
    const tellMissed = createMissedHeartbeats({ pool, gatewayId, log, deviceIds: () => ['d1', 'd2'] });
    const look = async (): Promise<void> => {
      await tellMissed();
      await keep();
    };
    return { log, look };
  };
  const told = async (): Promise<string[]> => {
    const { rows } = await pool.query<{ told: string }>(
      `select gateway_id || ' ' || device_id || ' ' || kind as told from device_contacts order by id`,
    );
    return rows.map((row) => row.told);
  };
  /** All of them come round meanwhile. */
  const pass = (ms: number): void => {
    for (const end = now + ms; now < end; now = Math.min(end, now + 10_000))
      for (const log of logs) log.tick(() => true);
    for (const log of logs) log.tick(() => true);
  };
  return { pool, begin, told, pass, now: () => now };
}

test('a device that went to another gateway is missed by that one alone', async () => {
  const { begin, told, pass } = await openGateways();
  const [a, b] = [begin('a'), begin('b')];
  a.log.connected('d1', 'verified');
  await a.look();
  pass(1000);
  b.log.connected('d1', 'verified');
  await b.look();
  // The line to the first breaks later than the device noticed.
  pass(60_000);
  b.log.heard('d1', 'verified');
  a.log.disconnected('d1', 'verified');
  pass(100_000);
  await a.look();
  await b.look();
  expect(await told()).toEqual(['a d1 connected', 'b d1 connected', 'a d1 disconnected']);
  pass(60_000);
  await a.look();
  await b.look();
  expect((await told()).slice(3)).toEqual(['b d1 missed-heartbeat']);
});

test('a device that died while its gateway was down is missed after the restart, once', async () => {
  const { pool, begin, told, pass, now } = await openGateways();
  const first = begin('a');
  first.log.connected('d1', 'verified');
  first.log.connected('d2', 'verified');
  await first.look();
  pass(600_000);
  const second = begin('a');
  await second.look();
  pass(60_000);
  second.log.heard('d2', 'verified');
  pass(100_000);
  await second.look();
  expect((await told()).slice(2)).toEqual(['a d1 missed-heartbeat']);
  // Being missed is no sign of life.
  expect((await loadContactsAround(pool, 'd1', now())).before).toMatchObject({ kind: 'connected', atMs: START });
  pass(600_000);
  const third = begin('a');
  third.log.heard('d2', 'verified');
  for (let n = 0; n < 3; n += 1) {
    await third.look();
    pass(100_000);
    third.log.heard('d2', 'verified');
  }
  expect((await told()).slice(2)).toEqual(['a d1 missed-heartbeat']);
  third.log.heard('d1', 'verified');
  await third.look();
  expect((await told()).at(-1)).toBe('a d1 heard-again');
});
