import { ALARM_TYPES } from '../../devices/alarm-types.ts';
import type { AlarmEvent } from '../../devices/event.ts';
import type { IncidentFlag } from '../api/contract/incident.ts';
import type { Clock } from '../clock.ts';
import { ZhujiError } from '../errors.ts';
import type { Directory } from '../registry/directory.ts';
import { NO_INCIDENT } from './alarm-marks.ts';
import type { AlarmView } from './alarm-view.ts';
import { calcFacts, type AlarmFacts } from './facts.ts';
import type { CommitPlan } from './commit.ts';
import type { ChoosePolicy } from './policy.ts';
import { planAlarm, type AlarmVerdict } from './plan-alarm.ts';
import type { IncidentStore } from './store.ts';
import { foldStranger, strangersKeyOf, type FoldedFacts } from './dispatch/strangers.ts';

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
  readonly store: Pick<IncidentStore, 'loadAlarmView' | 'loadIndex' | 'loadStrangers' | 'commit'>;
  readonly directory: () => Directory;
  readonly choosePolicy: ChoosePolicy;
  /** What else marks an alarm that is decided now. */
  readonly moreFlags?: () => readonly IncidentFlag[];
  readonly clock: Clock;
}): AlarmDecider {
  const { store, directory, choosePolicy, clock } = deps;

  /** Only a name that nobody registered costs these two look-ups. */
  async function fold(event: AlarmEvent, facts: AlarmFacts): Promise<FoldedFacts> {
    const key = strangersKeyOf(event);
    if (key === null) return { facts, remember: null };
    const [strangers, own] = await Promise.all([store.loadStrangers(key), store.loadIndex(facts.subject)]);
    return foldStranger({ event, facts, key, strangers, hasOpenOfItsOwn: own.value.open.length > 0 });
  }

  return async (event, streamId) => {
    const type = event.message.type;
    if (!Object.hasOwn(ALARM_TYPES, type)) throw new ZhujiError('unknown-type', 'an event is not of our vocabulary');
    let before = '';
    for (let vainRounds = 0; vainRounds < MAX_VAIN_ROUNDS;) {
      const known = calcFacts(event, type, directory());
      const flags = [...known.flags, ...(deps.moreFlags?.() ?? [])];
      const { facts, remember } = await fold(event, { ...known, flags });
      const view = await store.loadAlarmView(event, facts);
      const { verdict, incidentId, plan } = planAlarm({
        event,
        facts,
        view,
        nowMs: clock.nowMs(),
        policy: choosePolicy(facts),
        streamId,
      });
      const result = await store.commit(verdict === 'opened' ? withRemembered(plan, remember) : plan);
      if (result.kind === 'done') {
        const went = verdict === 'already-seen' ? view.seen.raw : incidentId;
        return { verdict, incidentId: went === NO_INCIDENT ? null : went, logIds: result.logIds };
      }
      const now = describeState(facts.subject, view, remember?.was ?? null);
      vainRounds = now === before ? vainRounds + 1 : 0;
      before = now;
    }
    throw new ZhujiError('no-decision', 'no decision was accepted although nothing changed');
  };
}

function withRemembered(plan: CommitPlan, remember: FoldedFacts['remember']): CommitPlan {
  return remember === null ? plan : { ...plan, guarded: [...plan.guarded, remember] };
}

/** Everything that the script compares. */
function describeState(subject: string, view: AlarmView, strangers: string | null): string {
  const { seen, repeat, trust, index, openOfSubject } = view;
  const versions = openOfSubject.map(({ id, version }) => [id, version]);
  return JSON.stringify([subject, strangers, seen.raw, repeat.raw, trust.raw, index.raw, versions]);
}
