import { ALARM_TYPES } from '../../devices/alarm-types.ts';
import type { AlarmEvent } from '../../devices/event.ts';
import type { Clock } from '../clock.ts';
import type { Directory } from '../registry/directory.ts';
import { calcFacts } from './facts.ts';
import { planAlarm, type AlarmVerdict } from './plan-alarm.ts';
import type { IncidentStore } from './store.ts';

/** How often a decision is taken anew when others were faster; each round somebody else got further, so it ends. */
const MAX_ROUNDS = 50;

export type Decided = {
  readonly verdict: AlarmVerdict;
  readonly incidentId: string | null;
  readonly logIds: readonly string[];
};

export type AlarmDecider = (event: AlarmEvent, streamId: string | null) => Promise<Decided>;

/** Takes one alarm through load, plan and commit until the script accepts the plan. */
export function createAlarmDecider(deps: {
  readonly store: IncidentStore;
  readonly directory: () => Directory;
  readonly clock: Clock;
}): AlarmDecider {
  const { store, directory, clock } = deps;
  return async (event, streamId) => {
    const type = event.message.type;
    if (!Object.hasOwn(ALARM_TYPES, type)) throw new TypeError('an event names a type outside the vocabulary');
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const facts = calcFacts(event, type, directory());
      const view = await store.loadAlarmView(event, facts);
      const { verdict, incidentId, plan } = planAlarm({ event, facts, view, nowMs: clock.nowMs(), streamId });
      const result = await store.commit(plan);
      if (result.kind === 'done') {
        const known = verdict === 'already-seen' ? view.seen.raw : incidentId;
        return { verdict, incidentId: known === '-' ? null : known, logIds: result.logIds };
      }
    }
    throw new Error('no decision was accepted; the subject changes all the time');
  };
}
