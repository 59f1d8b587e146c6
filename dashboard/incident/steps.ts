import type { ActionBody } from '../../gateway/api/contract/actions.ts';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import { isTechnical } from '../queue/types.ts';

export type RescueStep = {
  /** Key of its words below `incident.steps`, and what stands in them. */
  readonly word: string;
  readonly service?: string;
  /** What must come before everything else now. */
  readonly isFirst: boolean;
} & (
  | { readonly action: 'authority'; readonly body: ActionBody<'authority'> }
  | { readonly action: BareAction; readonly body: Readonly<Record<string, never>> }
);

type BareAction = 'escalate' | 'accept' | 'arrive' | 'with-person' | 'no-access' | 'decline';

const SERVICES = ['120', '110', '119'] as const;
const HELPER_STATES: readonly string[] = ['dispatched', 'accepted', 'arrived'];

/** The steps of a rescue that may be logged now, in the order in which a tired eye looks for them. */
export function listSteps(incident: Incident): readonly RescueStep[] {
  if (incident.state === 'resolved' || isTechnical(incident)) return [];
  return [...authoritySteps(incident), ...helperSteps(incident), plain('escalate', 'supervisor')];
}

/** A second service may be called while the first is on its way. */
function authoritySteps({ authority, next, state }: Incident): readonly RescueStep[] {
  if (state === 'handed-over') return [];
  // Until 119 itself was called, whoever else was.
  const isFire = next?.step === 'call-119';
  const order = isFire ? (['119', '120', '110'] as const) : SERVICES;
  const toCall = order
    .filter((service) => service !== authority?.service)
    .map((service) => ({ ...authorityStep(service, 'called'), isFirst: isFire && service === '119' }));
  if (authority === null) return toCall;
  const { service, stage } = authority;
  const arrived = stage === 'called' ? [authorityStep(service, 'arrived')] : [];
  return [...arrived, authorityStep(service, 'took-over'), ...toCall];
}

function authorityStep(service: '120' | '110' | '119', stage: 'called' | 'arrived' | 'took-over'): RescueStep {
  return { action: 'authority', body: { service, stage }, word: stage, service, isFirst: false };
}

/** What a helper in the street tells by telephone. */
function helperSteps({ helper, state }: Incident): readonly RescueStep[] {
  if (helper === null || !HELPER_STATES.includes(state)) return [];
  const there = [plain('with-person', 'withPerson'), plain('no-access', 'noAccess')];
  if (state === 'arrived') return there;
  const under = state === 'dispatched' ? [plain('accept', 'accept'), plain('decline', 'decline')] : [];
  return [...under, plain('arrive', 'arrive'), ...there];
}

function plain(action: BareAction, word: string): RescueStep {
  return { action, body: {}, word, isFirst: false };
}
