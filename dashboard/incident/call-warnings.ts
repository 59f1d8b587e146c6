import type { Incident } from '../../gateway/api/contract/incident.ts';

/** What stands over the dial buttons, by its key in the dictionary. */
export type CallWarning = 'silentWarning' | 'landlineWarning';

const WARNINGS: readonly (readonly [advice: Incident['advice'][number], warning: CallWarning])[] = [
  ['silent', 'silentWarning'],
  ['no-bell-no-switch-no-landline', 'landlineWarning'],
];

/** From all alarms of the case, not from the one that opened it: duress or gas may have come after the key. */
export function listCallWarnings({ advice }: Pick<Incident, 'advice'>): readonly CallWarning[] {
  return WARNINGS.filter(([code]) => advice.includes(code)).map(([, warning]) => warning);
}
