import { expect, test } from 'vitest';
import type { AlarmEvent } from '../../../devices/event.ts';
import { alarmOfCall } from '../../../devices/meaning/caller-id.ts';
import { createErase } from '../../../gateway/history/erase.ts';
import { createEraseReadings } from '../../../gateway/history/erase-observations.ts';
import { verifyPage } from '../../../gateway/history/verify.ts';
import { INCIDENT_KEYS } from '../../../gateway/incidents/keys.ts';
import { inTransaction } from '../../../gateway/store/postgres.ts';
import { pressed } from '../incidents/build.ts';
import { silent } from '../incidents/world.ts';
import { addLine, dumpTables, openHistory, writeCase } from './world.ts';

const [WANGS, LIS] = ['13800001111', '13800002222'];

/** How a call from the number of somebody's contact went on, as the link handed it over. */
function callOf(residentId: string, number: string): AlarmEvent {
  const caller = { number: `+86${number}`, whose: 'contact', residentIds: [residentId], homeId: 'h-1' } as const;
  const raw = Buffer.from(`RING\r\nNMBR = ${number}\r\n`).toString('base64');
  return pressed({ deviceId: `tel-${residentId}`, caller, raw, message: alarmOfCall('missed', caller) });
}

test('a number that called goes with the person whom it called about, in a case and beside all cases', async () => {
  const world = await openHistory();
  const { redis } = world;
  await world.rows(`insert into homes (id, address) values ('h-1', 'road 1')`);
  await world.rows(`insert into residents (id, home_id, name) values ('r-1', 'h-1', 'Wang'), ('r-2', 'h-1', 'Li')`);
  const erase = createErase({
    ...{ ...world, logger: silent, open: () => [], onErased: () => Promise.resolve() },
    catchUp: async () => void (await world.takeAll()),
    change: (action, work) => inTransaction(world.pool, action, work),
    eraseReadings: createEraseReadings(world.pool),
  });
  const { incident } = await writeCase(redis, { residentId: 'r-1' });
  const calls = [callOf('r-1', WANGS), callOf('r-1', WANGS), callOf('r-2', LIS)] as const;
  const [inCase, loose, others] = calls;
  for (const event of calls) await redis.set(INCIDENT_KEYS.event(event.id), JSON.stringify(event));
  const line = { actor: `device:${inCase.deviceId}`, at: inCase.receivedAt };
  const data = { alarmId: inCase.id, kind: 'call', type: 'call', call: 'missed' };
  await addLine(redis, { ...line, incidentId: incident.id, type: 'joined', data }, { ...incident, version: 4 });
  for (const { id, deviceId } of [loose, others]) {
    await addLine(redis, {
      ...{ incidentId: null, type: 'received', actor: `device:${deviceId}`, at: line.at },
      data: { alarmId: id, deviceId, type: 'call', kind: 'call' },
    });
  }
  await world.takeAll();
  expect(JSON.stringify(await dumpTables(world))).toContain(WANGS);

  await erase({ residentId: 'r-1', by: 'user:u1', ground: 'asked for', isDryRun: false });
  const kept = JSON.stringify(await dumpTables(world));
  for (const text of [WANGS, inCase.raw]) expect(kept).not.toContain(text);
  for (const text of [LIS, others.raw]) expect(kept).toContain(text);
  expect(await redis.exists(...[inCase, loose].map(({ id }) => INCIDENT_KEYS.event(id)))).toBe(0);
  expect(await redis.exists(INCIDENT_KEYS.event(others.id))).toBe(1);
  expect(await verifyPage({ pool: world.pool, headPaths: [] }, 0)).toMatchObject({ faults: [], next: null });
});
