import { expect, test } from 'vitest';
import { createErase } from '../../../gateway/history/erase.ts';
import { createEraseReadings } from '../../../gateway/history/erase-observations.ts';
import { verifyCase } from '../../../gateway/history/verify-case.ts';
import { verifyPage } from '../../../gateway/history/verify.ts';
import { INCIDENT_KEYS } from '../../../gateway/incidents/keys.ts';
import type { IncidentRecord } from '../../../gateway/incidents/record.ts';
import { inTransaction } from '../../../gateway/store/postgres.ts';
import { silent } from '../incidents/world.ts';
import { addLine, openHistory, writeCase, type Written } from './world.ts';

async function openErasure() {
  const world = await openHistory();
  await world.rows(`insert into homes (id, address) values ('h-1', 'road 1')`);
  await world.rows(`insert into residents (id, home_id, name) values ('r-x', 'h-1', 'Wang'), ('r-y', 'h-1', 'Li')`);
  const erase = createErase({
    ...world,
    logger: silent,
    open: () => [],
    onErased: () => Promise.resolve(),
    catchUp: async () => void (await world.takeAll()),
    change: (action, work) => inTransaction(world.pool, action, work),
    eraseReadings: createEraseReadings(world.pool),
  });
  /** As the store writes it: with both cases. */
  async function move(type: 'merge' | 'split', from: Written, to: Written, alarms: readonly Written[]): Promise<void> {
    const data = { from: from.incident.id, to: to.incident.id, alarmIds: alarms.map(({ event }) => event.id) };
    const line = { actor: 'user:u1', at: Date.now(), data };
    await addLine(world.redis, { ...line, incidentId: from.incident.id, type });
    await addLine(world.redis, { ...line, incidentId: to.incident.id, type: type === 'merge' ? 'merge' : 'opened' });
  }
  /** Whether frame and words of each case are still there. */
  async function left(...cases: readonly Written[]): Promise<string[]> {
    return Promise.all(
      cases.map(async ({ event, ref }) => {
        const [row] = await world.rows<{ frame: boolean; words: boolean }>(
          `select (select body is not null from events where id = $1) as frame,
             (select said is not null from personal_texts where ref = $2) as words`,
          [event.id, ref],
        );
        const keys = [INCIDENT_KEYS.event(event.id), INCIDENT_KEYS.personal(ref)];
        expect(await Promise.all(keys.map((key) => world.redis.exists(key)))).toEqual(
          [row?.frame, row?.words].map(Number),
        );
        return [row?.frame === true ? 'frame' : '', row?.words === true ? 'words' : ''].join(' ').trim();
      }),
    );
  }
  const write = (residentId: string | null, changes: Partial<IncidentRecord> & { isClosed?: boolean } = {}) =>
    writeCase(world.redis, { residentId, candidates: [], ...changes });
  return {
    ...world,
    move,
    left,
    write,
    erase: (residentId: string) => erase({ residentId, by: 'user:u1', ground: 'asked for', isDryRun: false }),
    faultsOf: async (written: Written) => [
      ...(await verifyPage({ pool: world.pool, headPaths: [] }, 0)).faults,
      ...(await verifyCase(world.pool, written.incident.id)).faults,
    ],
  };
}

test('a case of nobody that was merged into the case of a person goes with them, in Redis too', async () => {
  const { write, move, left, erase, faultsOf } = await openErasure();
  const [byHand, earlier, theirs] = [await write(null), await write(null), await write('r-x')];
  await move('merge', earlier, byHand, [earlier]);
  await move('merge', byHand, theirs, [byHand, earlier]);
  expect((await erase('r-x')).counts).toMatchObject({ incidents: 3, frames: 3, texts: 3 });
  expect(await left(byHand, earlier, theirs)).toEqual(['', '', '']);
  expect(await faultsOf(byHand)).toEqual([]);
});

test('alarms that were split off for another person stay, and go with that one', async () => {
  const { write, move, left, erase, faultsOf, rows } = await openErasure();
  const [wrong, theirs, others] = [await write('r-x'), await write('r-x'), await write('r-y', { isClosed: false })];
  await move('split', wrong, others, [wrong]);
  await erase('r-x');
  // Of the case that it was split from only the words are of her.
  expect(await left(wrong, theirs, others)).toEqual(['frame', '', 'frame words']);
  expect(await faultsOf(wrong)).toEqual([]);
  // What was kept must not go as if it had been erased.
  await rows('create table kept as table events');
  await rows(
    `update events set body = null, salt = null, erased_at = now(), erased_why = 'erasure' where body is not null`,
  );
  expect((await faultsOf(wrong)).map(({ code }) => code)).toContain('erased-without-trace');
  await rows(
    'update events set (body, salt, erased_at, erased_why) = (select body, salt, erased_at, erased_why from kept where kept.id = events.id)',
  );
  await rows(`update incidents set state = 'resolved', closed_at = now() where state <> 'resolved'`);
  await erase('r-y');
  expect(await left(wrong, theirs, others)).toEqual(['', '', '']);
});

test('of two people whose cases were merged each keeps their own alarm, and while it is worked on nothing goes', async () => {
  const { write, move, left, erase, rows } = await openErasure();
  const [one, other] = [await write('r-x'), await write('r-y', { isClosed: false })];
  await move('merge', one, other, [one]);
  await expect(erase('r-x')).rejects.toMatchObject({ code: 'open-incident' });
  expect(await left(one, other)).toEqual(['frame words', 'frame words']);
  await rows(`update incidents set state = 'resolved', closed_at = now() where state <> 'resolved'`);
  await erase('r-x');
  expect(await left(one, other)).toEqual(['', 'frame words']);
});

test('a case of nobody between two people is kept until both are erased', async () => {
  const { write, move, left, erase } = await openErasure();
  const [between, one, other] = [await write(null), await write('r-x'), await write('r-y')];
  await move('split', between, one, [one]);
  await move('merge', between, other, [between]);
  await erase('r-x');
  expect(await left(between, one, other)).toEqual(['frame words', '', 'frame words']);
  await erase('r-y');
  expect(await left(between, one, other)).toEqual(['', '', '']);
});
