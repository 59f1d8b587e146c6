import type { Incident } from '../../gateway/api/contract/incident.ts';

/** What a person presses; smoke, a fall and the codes of a panel come by themselves. */
const PRESSED: readonly string[] = ['sos', 'panic', 'duress', 'service'];

/** A call is no key: what is counted is told as what it was. */
export function pressWords({ types }: Pick<Incident, 'types'>): 'queue.presses' | 'queue.calls' | 'queue.alarms' {
  if (types.every((type) => PRESSED.includes(type))) return 'queue.presses';
  return types.every((type) => type === 'call') ? 'queue.calls' : 'queue.alarms';
}
