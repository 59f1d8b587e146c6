import { createErase } from '../../../gateway/history/erase.ts';
import { createEraseReadings } from '../../../gateway/history/erase-observations.ts';
import { RETENTION, sweepRetention } from '../../../gateway/history/retention.ts';
import { verifyCase } from '../../../gateway/history/verify-case.ts';
import { verifyPage } from '../../../gateway/history/verify.ts';
import { INCIDENT_KEYS } from '../../../gateway/incidents/keys.ts';
import { inTransaction, queryRows } from '../../../gateway/store/postgres.ts';
import { silent } from '../incidents/world.ts';
import { addLine, addNote, openHistory, writeCase } from './world.ts';

/** What is told from. */
export const TABLES = [
  'audit_chain',
  'audit_head',
  'incidents',
  'incident_log',
  'events',
  'personal_texts',
  'gateway_minutes',
  'erasures',
] as const;

/** Two cases, one of them erased, one beyond the retention, words that Redis had lost, a minute, a note, a loose line. */
export async function openTold() {
  const world = await openHistory();
  await world.rows(`insert into homes (id, address) values ('h-1', 'road 1')`);
  await world.rows(`insert into residents (id, home_id, name) values ('r-1', 'h-1', 'Wang')`);
  const kept = await writeCase(world.redis, { residentId: 'r-2', region: 'city', candidates: ['r-2'] });
  const erased = await writeCase(world.redis, { residentId: 'r-1' });
  const lost = await writeCase(world.redis, { residentId: 'r-3' });
  await world.redis.del(INCIDENT_KEYS.personal(lost.ref));
  const data = {
    gatewayId: 'g',
    minute: Date.now() - 60_000,
    upS: 60,
    degraded: true,
    latenessMs: 3,
    faults: ['redis'],
  };
  await addNote(world.redis, { at: Date.now(), type: 'gateway-minute', actor: 'gateway:g', data });
  await addNote(world.redis, { at: Date.now(), type: 'log-in', actor: 'user:u1', data: {} });
  await addLine(world.redis, { what: 'nobody can read this' });
  await world.takeAll();
  const erase = createErase({
    ...world,
    logger: silent,
    open: () => [],
    onErased: () => Promise.resolve(),
    catchUp: () => Promise.resolve(),
    change: (action, work) => inTransaction(world.pool, action, work),
    eraseReadings: createEraseReadings(world.pool),
  });
  await erase({ residentId: 'r-1', by: 'user:u1', ground: 'asked for', isDryRun: false });
  const later = Date.now() + RETENTION.events.days * 86_400_000;
  await sweepRetention({ pool: world.pool, clock: { nowMs: () => later - 3_600_000 } });
  const young = await writeCase(world.redis, { residentId: 'r-4' });
  await world.takeAll();
  for (const table of TABLES) await world.rows(`create table kept_${table} as table ${table}`);

  const verify = async () => (await verifyPage({ pool: world.pool, headPaths: [] }, 0)).faults;
  const ofCase = async (id: string) => (await verifyCase(world.pool, id)).faults;
  /** Answers what both verifications find; everything is as it was afterwards. Null: the database did not take it. */
  async function tamper(statements: readonly string[], tables: readonly string[], id: string) {
    try {
      for (const sql of statements) await queryRows(world.pool, 'tamper', sql);
    } catch {
      return null;
    }
    const found = { whole: codesOf(await verify()), ofCase: codesOf(await ofCase(id)) };
    for (const table of tables) {
      await world.rows(`delete from ${table}`);
      await world.rows(`insert into ${table} overriding system value select * from kept_${table}`);
    }
    return found;
  }
  return { ...world, kept, erased, lost, young, verify, ofCase, tamper };
}

const codesOf = (faults: readonly { readonly code: string }[]): string[] => [
  ...new Set(faults.map(({ code }) => code)),
];
