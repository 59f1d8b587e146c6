import { vi } from 'vitest';
import { dueAt } from '../../../../gateway/incidents/deadlines.ts';
import { isOpen } from '../../../../gateway/incidents/record.ts';
import type { Model } from './model.ts';

/** How often it is looked. */
export const LOOK_MS = 250;

/** An engine's look and the commit. */
export const CALM_BOUND_MS = 300;
/** Beside them the longest that one commit is waited for (5 s) and the pause before it is tried again (1 s). */
export const TROUBLED_BOUND_MS = 6500;

/** Lets time go by and looks all the while; throws what was found. */
export async function pass(model: Model, ms: number, boundMs: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += LOOK_MS) {
    await vi.advanceTimersByTimeAsync(LOOK_MS);
    look(model, boundMs);
  }
}

/** In no reachable state is an open incident without a deadline, and none is later than the bound. */
export function look(model: Model, boundMs: number): void {
  const nowMs = model.nowMs();
  for (const incident of [...model.open(), ...model.alive().flatMap(({ board }) => [...board.values()])]) {
    const due = dueAt(incident);
    if (!Number.isFinite(due.at)) throw new Error(`${incident.state} has no deadline`);
    if (due.at - incident.updatedAt > due.spanMs) throw new Error(`${incident.state} ${due.step} lies too far off`);
    if (incident.state === 'open' && incident.ladder === null) throw new Error('nobody is called for an open case');
  }
  for (const gateway of model.alive()) {
    for (const incident of gateway.board.values()) {
      const stored = model.isAway ? incident : model.store.get(incident.id);
      const expected = gateway.expected.get(incident.id);
      // Somebody was faster, and the log is on its way.
      if (stored === undefined || !isOpen(stored) || stored.version !== incident.version) continue;
      if (expected === undefined) throw new Error('an incident came to a gateway unseen');
      const lateMs = nowMs - Math.max(expected.byMs, model.troubledAtMs);
      if (lateMs > boundMs) throw new Error(`${incident.state} ${dueAt(incident).step} is ${lateMs} ms late`);
      const goneAtMs = incident.ownerId === null ? undefined : model.lapsedSince.get(incident.ownerId);
      if (goneAtMs !== undefined && nowMs - Math.max(goneAtMs, model.troubledAtMs) > boundMs) {
        throw new Error(`${incident.state} has an owner who is gone`);
      }
    }
  }
}
