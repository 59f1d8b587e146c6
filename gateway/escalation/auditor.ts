import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { errorCode } from '../errors.ts';
import type { AuditReads } from '../incidents/audit-reads.ts';
import type { IncidentRecord, OpenIncident } from '../incidents/record.ts';
import { isOpen } from '../incidents/record.ts';
import { StoreSilentError } from '../incidents/store-silence.ts';
import {
  findStoreHoles,
  listClosed,
  listDisagreements,
  Suspicions,
  type Hole,
  type HoleKind,
  type StoreView,
} from './audit.ts';
import type { Damage } from './close-hole.ts';
import { DueWatch, type WatchedDue } from './due-watch.ts';

/** Between two looks. Chosen: a hole is found within two of them, and closed by the one that is sure. */
export const AUDIT_EVERY_MS = 5000;
/** Engine's tick 250 ms, one commit 5 s, one retry 1 s, and grace for a storm of deadlines at once. Chosen. */
export const OVERDUE_AFTER_MS = 10_000;
/** What lies between two gateways' reading of one log is gone after so long; two looks must agree. Chosen. */
const CONFIRM_AFTER_MS = 4000;
/** An alarm is dispatched in milliseconds; a dead consumer's are taken over after 5 s, and a bad one is given up. Chosen. */
const UNDISPATCHED_AFTER_MS = 15_000;
/** Records that one look reads beside the suspicious ones: a round of 20,000 open incidents takes 100 s. Chosen. */
const SLICE = 1000;
/** Of all incidents, also closed ones, that one look reads: what no list names as open is found here alone. Chosen. */
const SWEEP = 200;
/** Between two pauses for everybody else. Chosen. */
const CHUNK = 500;
/** Incidents that one look puts right; what is beyond waits for the next. Chosen. */
const MAX_MENDED = 100;

export type AuditorHealth = {
  readonly lastRunMonoMs: number | null;
  readonly lastTookMs: number;
  readonly open: number;
  /** What the last look was sure of. */
  readonly holes: number;
  /** False while only the board could be looked at. */
  readonly isComplete: boolean;
  readonly mostOverdueMs: number;
  /** Holes found since the start, by kind. */
  readonly found: Readonly<Partial<Record<HoleKind, number>>>;
};

export type Auditor = {
  readonly start: () => void;
  readonly stop: () => Promise<void>;
  /** One look. Never rejects. */
  readonly turn: () => Promise<void>;
  readonly health: () => AuditorHealth;
};

export type AuditorDeps = {
  /** Every open incident, as the board has it. */
  readonly open: () => readonly OpenIncident[];
  readonly reads: AuditReads;
  readonly loadIncidents: (ids: readonly string[]) => Promise<IncidentRecord[]>;
  /** The oldest acknowledged alarm that the stream does not have although Redis answers; null when there is none. */
  readonly oldestUndelivered: () => string | null;
  /** Puts a record on the board that the log did not bring. */
  readonly adopt: (record: IncidentRecord) => void;
  /** Gives the engine an incident to count. */
  readonly put: (incident: OpenIncident) => void;
  /** Puts right what is wrong with one incident, and fires its deadline past the engine where it is due. */
  readonly close: (incident: OpenIncident, damage: Damage) => Promise<void>;
  readonly raise: (code: string, facts: Readonly<Record<string, string | number>>) => void;
  readonly restore: (code: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
};

const CODE = 'p3-hole';
const FAILED_CODE = 'auditor-failed';
/** So many clean looks in a row until the incident about a hole is closed. */
const CLEAN_LOOKS = 2;

/**
 * Looks every few seconds whether promise P3 holds, and believes nobody: it compares the store with the board, counts every
 * deadline by itself, and asks for acknowledged alarms that nobody dispatches. What it finds it puts right and fires, and it
 * raises an incident about the gateway.
 */
export function createAuditor(deps: AuditorDeps): Auditor {
  const { clock, logger } = deps;
  const watch = new DueWatch();
  const suspicions = new Suspicions(CONFIRM_AFTER_MS);
  const waiting = new Suspicions(UNDISPATCHED_AFTER_MS);
  const found: Partial<Record<HoleKind, number>> = {};
  let lookTimer: NodeJS.Timeout | null = null;
  let turning: Promise<void> | null = null;
  let roundAt = 0;
  let sweepAt = 0;
  let cleanLooks = CLEAN_LOOKS;
  let health: Omit<AuditorHealth, 'found'> = {
    lastRunMonoMs: null,
    lastTookMs: 0,
    open: 0,
    holes: 0,
    isComplete: false,
    mostOverdueMs: 0,
  };

  async function look(): Promise<void> {
    const startedMono = clock.monoMs();
    const board = new Map(deps.open().map((incident) => [incident.id, incident]));
    const judged = await judgeDeadlines([...board.values()]);
    // After standing still (a frozen machine) the engine is late as well and fires first.
    const stoodStill = health.lastRunMonoMs !== null && startedMono - health.lastRunMonoMs > 2 * AUDIT_EVERY_MS;
    const holes = stoodStill ? [] : listDueHoles(judged);
    const view = await readStore(board);
    if (view !== null) {
      for (const record of listClosed(view)) deps.adopt(record);
      const stillThere = suspicions.confirm(findStoreHoles(view), clock.monoMs());
      holes.push(...stillThere);
    }
    const unanswered = view === null ? null : await listWaiting();
    holes.push(...waiting.confirm(unanswered ?? [], clock.monoMs()));
    const isComplete = unanswered !== null;
    await mend(holes, view, board);
    report(holes, isComplete);
    const late = [...judged.values()].map((due) => (due.kind === 'late' ? due.lateMs : 0));
    health = {
      lastRunMonoMs: clock.monoMs(),
      lastTookMs: clock.monoMs() - startedMono,
      open: board.size,
      holes: holes.length,
      isComplete,
      mostOverdueMs: late.reduce((most, ms) => Math.max(most, ms), 0),
    };
  }

  async function judgeDeadlines(open: readonly OpenIncident[]): Promise<Map<string, WatchedDue>> {
    const isAtStart = health.lastRunMonoMs === null;
    const judged = new Map<string, WatchedDue>();
    for (let at = 0; at < open.length; at += CHUNK) {
      const now = { wallMs: clock.nowMs(), monoMs: clock.monoMs() };
      for (const [id, due] of watch.judge(open.slice(at, at + CHUNK), now, isAtStart)) judged.set(id, due);
      await breathe();
    }
    const ids = new Set<string>(open.map(({ id }) => id));
    watch.keepOnly((id) => ids.has(id));
    return judged;
  }

  /** Null while the store is silent: then there is only the board. */
  async function readStore(board: ReadonlyMap<string, OpenIncident>): Promise<StoreView | null> {
    try {
      const listed = await deps.reads.openIds();
      const openIds = new Set(listed);
      const slice = Array.from(
        { length: Math.min(SLICE, listed.length) },
        (_, n) => listed[(roundAt + n) % listed.length],
      );
      roundAt = listed.length === 0 ? 0 : (roundAt + slice.length) % listed.length;
      const swept = await deps.reads.someIds(sweepAt, SWEEP);
      sweepAt = swept.length < SWEEP ? 0 : sweepAt + SWEEP;
      const doubtful = [...listDisagreements(board, openIds).slice(0, SLICE), ...suspicions.ids()];
      const ids = [...new Set([...slice, ...swept, ...doubtful])].filter((id) => id !== undefined);
      const records = new Map<string, IncidentRecord | null>(ids.map((id) => [id, null]));
      const indexed = new Map<string, readonly string[]>();
      for (let at = 0; at < ids.length; at += CHUNK) {
        const some = await deps.loadIncidents(ids.slice(at, at + CHUNK));
        for (const record of some) records.set(record.id, record);
        const subjects = [...new Set(some.filter(isOpen).map(({ subject }) => subject))];
        for (const [subject, members] of await deps.reads.indexOf(subjects)) indexed.set(subject, members);
        await breathe();
      }
      return { board, openIds, records, indexed };
    } catch (error) {
      if (!(error instanceof StoreSilentError)) throw error;
      return null;
    }
  }

  /** Null when the store fell silent meanwhile: what was found before is put right all the same. */
  async function listWaiting(): Promise<Hole[] | null> {
    try {
      const undispatched = await deps.reads.oldestUndispatched();
      const undelivered = deps.oldestUndelivered();
      return [
        ...(undispatched === null ? [] : [{ kind: 'undispatched', id: undispatched } as const]),
        ...(undelivered === null ? [] : [{ kind: 'undelivered', id: undelivered } as const]),
      ];
    } catch (error) {
      if (!(error instanceof StoreSilentError)) throw error;
      return null;
    }
  }

  /** The board gets what it lacks, the engine what it may not count, and what is due is fired here and now. */
  async function mend(
    holes: readonly Hole[],
    view: StoreView | null,
    board: ReadonlyMap<string, OpenIncident>,
  ): Promise<void> {
    const byId = [...Map.groupBy(holes, ({ id }) => id)].slice(0, MAX_MENDED);
    await Promise.all(
      byId.map(async ([id, own]) => {
        const incident = newest(view?.records.get(id), board.get(id));
        if (incident === undefined) return;
        const kinds = new Set(own.map(({ kind }) => kind));
        try {
          deps.adopt(incident);
          deps.put(incident);
          await deps.close(incident, {
            isOverdue: kinds.has('overdue'),
            isUnindexed: kinds.has('not-in-index'),
          });
        } catch (error) {
          logger.error({ cause: errorCode(error), incidentId: id }, 'a hole could not be closed');
        }
      }),
    );
  }

  function report(holes: readonly Hole[], isComplete: boolean): void {
    for (const { kind, id } of holes) {
      found[kind] = (found[kind] ?? 0) + 1;
      logger.error({ hole: kind, incidentId: id }, 'an open incident was unattended');
    }
    const [first] = holes;
    if (first !== undefined) {
      cleanLooks = 0;
      deps.raise(CODE, { hole: first.kind, holes: holes.length });
      return;
    }
    // A look at half of it says nothing about the other half.
    if (!isComplete) return;
    cleanLooks += 1;
    if (cleanLooks >= CLEAN_LOOKS) deps.restore(CODE);
  }

  function turn(): Promise<void> {
    turning ??= look()
      .then(() => {
        // What failed may be what a look without the store leaves out.
        if (health.isComplete) deps.restore(FAILED_CODE);
      })
      .catch((error: unknown) => {
        logger.error({ err: error }, 'the auditor could not look');
        deps.raise(FAILED_CODE, { cause: errorCode(error) });
      })
      .finally(() => {
        turning = null;
      });
    return turning;
  }

  return {
    start: () => {
      lookTimer ??= setInterval(() => void turn(), AUDIT_EVERY_MS);
    },
    stop: async () => {
      if (lookTimer !== null) clearInterval(lookTimer);
      lookTimer = null;
      await turning;
    },
    turn,
    health: () => ({ ...health, found }),
  };
}

function listDueHoles(judged: ReadonlyMap<string, WatchedDue>): Hole[] {
  return [...judged].flatMap(([id, due]): Hole[] => {
    if (due.kind === 'no-deadline') return [{ kind: 'no-deadline', id }];
    return due.lateMs > OVERDUE_AFTER_MS ? [{ kind: 'overdue', id }] : [];
  });
}

function newest(stored: IncidentRecord | null | undefined, shown: OpenIncident | undefined): OpenIncident | undefined {
  if (stored === null || stored === undefined || !isOpen(stored)) return shown;
  return shown !== undefined && shown.version > stored.version ? shown : stored;
}

/** Lets everybody else go first: very many incidents are looked at in pieces. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
