import { pino } from 'pino';
import { vi } from 'vitest';
import { createEngine, TICK_MS } from '../../../gateway/escalation/engine.ts';
import { planDue, type Reach } from '../../../gateway/escalation/plan-due.ts';
import { NOBODY } from '../../../gateway/escalation/reach.ts';
import type { CommitPlan } from '../../../gateway/incidents/commit.ts';
import { isOpen, type OpenIncident } from '../../../gateway/incidents/record.ts';
import { NOW, SECOND } from '../incidents/build.ts';

/** Consoles everywhere, helpers, no contacts. */
export const EVERYBODY: Reach = (target) =>
  target === 'contacts'
    ? NOBODY
    : target === 'duty-helpers'
      ? { ...NOBODY, notify: [{ kind: 'user', id: 'h1' }] }
      : { circles: [target === 'all-operators' ? 'operators' : 'duty'], userIds: ['u1'], notify: [] };

type CommitAnswer = { readonly kind: 'done' | 'conflict' };

/** An engine on a board of its own; `commit` is as the store's: it answers, refuses, fails or hangs. */
export function createWorld(...incidents: OpenIncident[]) {
  const board = new Map<string, OpenIncident>(incidents.map((each) => [each.id, each]));
  /** What the store has and the board does not know of, by the version that the board shows meanwhile. */
  const untold = new Map<string, { readonly record: OpenIncident; readonly shown: number }>();
  const current = (id: string): OpenIncident | undefined => {
    const [newer, shown] = [untold.get(id), board.get(id)];
    return newer !== undefined && newer.shown === shown?.version ? newer.record : shown;
  };
  const world = {
    board,
    wallMs: NOW,
    monoMs: 0,
    reach: (() => NOBODY) as Reach,
    lapsed: new Set<string>(),
    /** Each line `rang` and `step`, with the second in which it was written. */
    lines: [] as string[],
    rang: [] as string[],
    nobody: 0,
    somebody: 0,
    commit: async (plan: CommitPlan): Promise<CommitAnswer> => {
      for (const { record, was } of plan.incidents) {
        if (current(record.id)?.version !== was?.version || !isOpen(record)) return { kind: 'conflict' };
        for (const { type, data } of plan.entries) {
          if (type === 'rang') world.rang.push(record.id);
          const about = data['step'] ?? data['reason'];
          const word = typeof about === 'string' ? ` ${about}` : '';
          world.lines.push(`${(world.monoMs / SECOND).toFixed(0)} ${type}${word}`);
        }
        // The board knows what the log has brought, and nothing else.
        if (!plan.entries.some(({ incidentId }) => incidentId === record.id)) {
          untold.set(record.id, { record, shown: board.get(record.id)?.version ?? 0 });
          continue;
        }
        board.set(record.id, record);
        engine.put(record, false);
      }
      return { kind: 'done' };
    },
    /** Lets time go by, tick by tick. */
    pass: async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += TICK_MS) {
        world.wallMs += TICK_MS;
        world.monoMs += TICK_MS;
        await vi.advanceTimersByTimeAsync(TICK_MS);
      }
    },
  };
  const engine = createEngine({
    find: (id) => board.get(id),
    open: () => [...board.values()],
    plan: (incident, time) => planDue(incident, (...asked) => world.reach(...asked), time),
    hasLapsed: (userId) => world.lapsed.has(userId),
    commit: (plan) => world.commit(plan),
    onNobodyReached: () => {
      world.nobody += 1;
    },
    onSomebodyReached: () => {
      world.somebody += 1;
    },
    clock: { nowMs: () => world.wallMs, monoMs: () => world.monoMs },
    logger: pino({ level: 'silent' }),
  });
  return { world, engine };
}
