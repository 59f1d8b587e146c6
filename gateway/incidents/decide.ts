import { ALARM_TYPES } from '../../devices/alarm-types.ts';
import type { AlarmEvent } from '../../devices/event.ts';
import type { Clock } from '../clock.ts';
import { ZhujiError } from '../errors.ts';
import type { Directory } from '../registry/directory.ts';
import { NO_INCIDENT } from './alarm-marks.ts';
import type { AlarmView } from './alarm-view.ts';
import { calcFacts } from './facts.ts';
import { planAlarm, type AlarmVerdict } from './plan-alarm.ts';
import type { IncidentStore } from './store.ts';

/** How often a plan may be refused although nothing has changed; then what is stored can never be matched. */
const MAX_VAIN_ROUNDS = 3;

export type Decided = {
  readonly verdict: AlarmVerdict;
  readonly incidentId: string | null;
  readonly logIds: readonly string[];
};

export type AlarmDecider = (event: AlarmEvent, streamId: string | null) => Promise<Decided>;

/**
 * Takes one alarm through load, plan and commit until the script accepts the plan. Each refusal means that somebody else got
 * further, so it ends.
 * @throws StoreSilentError while Redis does not answer; anything else is the alarm's own fault, or the store's
 */
export function createAlarmDecider(deps: {
  readonly store: Pick<IncidentStore, 'loadAlarmView' | 'commit'>;
  readonly directory: () => Directory;
  readonly clock: Clock;
}): AlarmDecider {
  const { store, directory, clock } = deps;
  return async (event, streamId) => {
    const type = event.message.type;
    if (!Object.hasOwn(ALARM_TYPES, type)) throw new ZhujiError('unknown-type', 'an event is not of our vocabulary');
    let before = '';
    for (let vainRounds = 0; vainRounds < MAX_VAIN_ROUNDS;) {
      const facts = calcFacts(event, type, directory());
      const view = await store.loadAlarmView(event, facts);
      const { verdict, incidentId, plan } = planAlarm({ event, facts, view, nowMs: clock.nowMs(), streamId });
      const result = await store.commit(plan);
      if (result.kind === 'done') {
        const known = verdict === 'already-seen' ? view.seen.raw : incidentId;
        return { verdict, incidentId: known === NO_INCIDENT ? null : known, logIds: result.logIds };
      }
      const now = describeState(facts.subject, view);
      vainRounds = now === before ? vainRounds + 1 : 0;
      before = now;
    }
    throw new ZhujiError('no-decision', 'no decision was accepted although nothing changed');
  };
}

/** Everything that the script compares. */
function describeState(subject: string, view: AlarmView): string {
  const { seen, repeat, trust, index, openOfSubject } = view;
  const versions = openOfSubject.map(({ id, version }) => [id, version]);
  return JSON.stringify([subject, seen.raw, repeat.raw, trust.raw, index.raw, versions]);
}
