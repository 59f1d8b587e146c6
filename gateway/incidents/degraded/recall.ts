import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import { ZhujiError } from '../../errors.ts';
import type { Directory } from '../../registry/directory.ts';
import { RepeatGuard } from '../../repeat-guard.ts';
import { MARK_TTL_MS } from '../identity.ts';
import { INCIDENT_KEYS } from '../keys.ts';
import type { IncidentRecord } from '../record.ts';
import { faultWord, fromStore, StoreSilentError } from '../store-silence.ts';
import type { StoreRedis } from '../store.ts';
import { Keyspace } from './keyspace.ts';
import { CLOSED_KEPT_MS } from './mirror.ts';
import type { KnownCase, OtherMemory, WholeCase } from './other-memory.ts';
import { planMarks, type Mark } from './plan-marks.ts';
import type { RestoreCase } from './restore-case.ts';
import { restoreMarks, type MarkRedis } from './restore-marks.ts';

/** Cases that are whole in memory at once; chosen. */
const AT_ONCE = 50;
/** Between a turn that did not come to its end and the next, twice that after each, up to a bound; chosen. */
const RETRY_MS = 2000;
const MAX_RETRY_MS = 30_000;

export type RecallRedis = Pick<StoreRedis, 'hget' | 'zrange'> & MarkRedis;

export type Recall = {
  /** Redis may have lost something: everything is compared, soon. */
  readonly ask: () => void;
  /** The owner's timer calls it; a turn begins where one is asked for. */
  readonly look: () => void;
  /** When no turn is under way. */
  readonly settled: () => Promise<void>;
  /** When the turn that was last asked for has ended, well or not. */
  readonly nextTurn: () => Promise<void>;
  /** When it has given every open case, or ended. */
  readonly openGiven: () => Promise<void>;
};

/** A turn that somebody waits for. */
type Asked = { readonly ended: PromiseWithResolvers<void>; readonly openGiven: PromiseWithResolvers<void> };

/**
 * Gives Redis what it has lost and neither this gateway nor another remembers, from what PostgreSQL keeps: open cases with
 * the marks of their alarms, the most urgent first, then the marks of all other alarms, then what was closed. Beside the work: nothing waits for it, it is tried again until it
 * has come to its end once, and what it finds in Redis as new or newer stays.
 */
export function createRecall(deps: {
  readonly memory: OtherMemory;
  readonly redis: RecallRedis;
  readonly restore: RestoreCase;
  readonly directory: () => Pick<Directory, 'deviceAt'>;
  /** Whether Redis does not count just now. */
  readonly isHeld: () => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}): Recall {
  const { memory, redis, clock, logger } = deps;
  const lines = new RepeatGuard(clock);
  let asked: Asked | null = null;
  let dueMonoMs = Number.NEGATIVE_INFINITY;
  let retryMs = RETRY_MS;
  let turning: Promise<void> | null = null;
  /** Cases that this turn could not give. */
  let failed = 0;

  async function giveMarks(): Promise<number> {
    const nowMs = clock.nowMs();
    const clocks = new Map<string, Mark>();
    let count = 0;
    for await (const page of memory.decided(nowMs - MARK_TTL_MS)) {
      checkHeld();
      const marks = planMarks(page, deps.directory(), clocks).filter(({ until }) => until > nowMs);
      await restoreMarks(redis, marks, () => clock.nowMs());
      count += marks.length;
    }
    await restoreMarks(redis, [...clocks.values()], () => clock.nowMs());
    return count + clocks.size;
  }

  /** Before the case itself, so that nothing of it that is sent again rings anew. */
  async function giveMarksOf({ id }: IncidentRecord, { alarms }: WholeCase): Promise<void> {
    const nowMs = clock.nowMs();
    const decided = alarms.map((alarm) => ({ ...alarm, incidentId: id }));
    const marks = planMarks(decided, deps.directory(), new Map()).filter(({ until }) => until > nowMs);
    await restoreMarks(redis, marks, () => clock.nowMs());
  }

  /** One that cannot be given keeps no other from it. */
  async function giveOne(whole: WholeCase): Promise<'given' | 'there' | 'failed'> {
    const known = toKnown(whole);
    try {
      await giveMarksOf(known.record, whole);
      return (await deps.restore(known)) ? 'given' : 'there';
    } catch (error) {
      if (error instanceof StoreSilentError) throw error;
      const { id } = known.record;
      if (lines.isNews('case'))
        logger.error({ incidentId: id, code: faultWord(error) }, 'a case could not be restored');
      return 'failed';
    }
  }

  /** Answers how many of them Redis had not. */
  async function giveCases(page: readonly KnownCase[]): Promise<number> {
    let given = 0;
    for (let at = 0; at < page.length; at += AT_ONCE) {
      checkHeld();
      const some = page.slice(at, at + AT_ONCE);
      const there = await Promise.all(some.map(({ id }) => fromStore(redis.hget(INCIDENT_KEYS.incident(id), 'v'))));
      const lacking = some.filter(({ version }, n) => Number(there[n] ?? 0) < version).map(({ id }) => id);
      if (lacking.length === 0) continue;
      const done = await Promise.all((await memory.load(lacking)).map(giveOne));
      given += done.filter((outcome) => outcome === 'given').length;
      failed += done.filter((outcome) => outcome === 'failed').length;
    }
    return given;
  }

  async function pass({ openGiven }: Asked): Promise<void> {
    let restored = 0;
    failed = 0;
    for await (const page of memory.open()) restored += await giveCases(page);
    openGiven.resolve();
    const marks = await giveMarks();
    for await (const page of memory.closed(clock.nowMs() - CLOSED_KEPT_MS)) restored += await giveCases(page);
    // What Redis takes for open may have been closed longer ago.
    const open = await fromStore(redis.zrange(INCIDENT_KEYS.openSet, '0', '-1'));
    for (let at = 0; at < open.length; at += AT_ONCE) {
      restored += await giveCases(await memory.find(open.slice(at, at + AT_ONCE)));
    }
    if (failed > 0) throw new ZhujiError('incomplete', 'not every case could be given back');
    if (restored > 0) logger.warn({ restored, marks }, 'redis was given what postgres knows');
  }

  /** This gateway's memory counts, and what it did without Redis is told first. */
  function checkHeld(): void {
    if (deps.isHeld()) throw new StoreSilentError('degraded', undefined);
  }

  async function turn(now: Asked): Promise<void> {
    try {
      await pass(now);
      if (asked === now) asked = null;
    } catch (error) {
      dueMonoMs = clock.monoMs() + retryMs;
      retryMs = Math.min(2 * retryMs, MAX_RETRY_MS);
      const code = faultWord(error);
      if (lines.isNews(code)) logger.warn({ code }, 'redis could not be given what postgres knows yet');
    } finally {
      now.openGiven.resolve();
      now.ended.resolve();
    }
  }

  function look(): void {
    if (asked === null || turning !== null || deps.isHeld() || clock.monoMs() < dueMonoMs) return;
    turning = turn(asked).finally(() => {
      turning = null;
    });
  }

  return {
    ask: () => {
      asked = { ended: Promise.withResolvers(), openGiven: Promise.withResolvers() };
      dueMonoMs = Number.NEGATIVE_INFINITY;
      retryMs = RETRY_MS;
      look();
    },
    look,
    settled: async () => {
      await turning;
    },
    nextTurn: () => asked?.ended.promise ?? Promise.resolve(),
    openGiven: () => asked?.openGiven.promise ?? Promise.resolve(),
  };
}

function toKnown({ record: json, lines, alarms, texts, unheard }: WholeCase): Parameters<RestoreCase>[0] {
  const space = new Keyspace();
  const record = JSON.parse(json) as IncidentRecord;
  for (const value of lines) space.apply({ op: 'push', key: INCIDENT_KEYS.entries(record.id), value });
  for (const alarm of alarms) {
    space.apply({ op: 'push', key: INCIDENT_KEYS.alarms(record.id), value: alarm.id });
    if (alarm.json === null) continue;
    space.apply({ op: 'text', key: INCIDENT_KEYS.event(alarm.id), value: alarm.json, until: null });
  }
  for (const { ref, json: value } of texts) {
    space.apply({ op: 'text', key: INCIDENT_KEYS.personal(ref), value, until: null });
  }
  return { space, record, unheard };
}
