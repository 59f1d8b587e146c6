import { pino } from 'pino';
import { createVitals } from '../../../gateway/telemetry/vitals/vitals.ts';
import { systemClock } from '../../../gateway/clock.ts';

/**
 * A vitals lane as a process of its own, to be killed: takes one reading after the other, some at a time, and says the value of
 * each that was acknowledged. Arguments: data folder, database, first value, how many (then it only stores).
 */
const [dataDir = '', databaseUrl = '', first = '0', count = '0'] = process.argv.slice(2);
const AT_A_TIME = 20;

const vitals = createVitals({
  dataDir,
  gatewayId: 'g-1',
  databaseUrl,
  wearerAt: () => null,
  alarms: { raise: () => undefined, restore: () => undefined },
  later: setImmediate,
  clock: systemClock,
  logger: pino({ level: 'silent' }),
  table: new URL('../../gateway/telemetry/vitals/plain-table.fixture.ts', import.meta.url),
});
await vitals.start();
process.stdout.write('up\n');

async function sendOne(value: number): Promise<void> {
  const nowMs = Date.now();
  const readings = [{ metric: 'heart-rate', value, at: nowMs, flags: 0 }];
  await new Promise<void>((resolve) => vitals.door.accept(`w-${value % 97}`, readings, nowMs, resolve));
  process.stdout.write(`${value}\n`);
}

for (let sent = 0; sent < Number(count); sent += AT_A_TIME) {
  const values = Array.from({ length: AT_A_TIME }, (_, index) => Number(first) + sent + index);
  await Promise.all(values.map(sendOne));
}
// Goes on storing until it is killed.
