import type { AlarmType } from '../../devices/alarm-types.ts';
import type { AdviceCode, AuthorityService } from '../api/contract/incident.ts';
import { isOpen, type IncidentRecord } from './record.ts';

type TypePlan = {
  readonly advice: readonly AdviceCode[];
  /** Who is called before anybody else. */
  readonly first: AuthorityService | null;
};

/** What a type asks for beyond the ladder (design §4 Policy; field, scene 5). A type that is not here asks for nothing more. */
const TYPE_PLANS: { readonly [T in AlarmType]?: TypePlan } = {
  smoke: { advice: ['call-119-first', 'helpers-do-not-enter'], first: '119' },
  gas: { advice: ['call-119-first', 'helpers-do-not-enter', 'no-bell-no-switch-no-landline'], first: '119' },
  co: { advice: ['call-119-first', 'helpers-do-not-enter'], first: '119' },
  duress: { advice: ['silent'], first: null },
};

type Typed = Pick<IncidentRecord, 'types'>;

/** What whoever works on the case must know, from every type of alarm that it has had; in the order of the table. */
export function calcAdvice({ types }: Typed): AdviceCode[] {
  const advice = Object.entries(TYPE_PLANS).flatMap(([type, plan]) =>
    types.some((had) => had === type) ? plan.advice : [],
  );
  return [...new Set(advice)];
}

/** The authority that comes before everything else and was not called yet; null when there is none. */
export function findFirstCall(incident: IncidentRecord): AuthorityService | null {
  if (!isOpen(incident)) return null;
  const first = incident.types.map((type) => TYPE_PLANS[type]?.first ?? null);
  return first.find((service) => service !== null && !incident.services.includes(service)) ?? null;
}
