import type { AlarmType } from '../queue/types.ts';
import type { Say } from './log-words.ts';

type InWords = (code: string, say: Say) => string;

/** Types that the gateway raises by itself: there the zone is a code of what is wrong. Any other is a place that the device names. */
const CODES_OF: Readonly<Partial<Record<string, InWords>>> = {
  system: troubleWords,
  'no-coverage': troubleWords,
  quarantined: (standing, say) => say(`words.flag.${standing}`, {}, standing),
  'sensor-loose': (metric, say) => say(`words.metric.${metric}`, {}, metric),
} satisfies Partial<Record<AlarmType, InWords>>;

/** `about`: the type of the alarm, or of what it speaks of. A code that this page does not know stands for itself. */
export function zoneWords(zone: string, about: string | null, say: Say): string {
  const inWords = about === null ? undefined : CODES_OF[about];
  return inWords?.(zone, say) ?? say('incident.alarms.zone', { zone }, zone);
}

/** `disk-low`, or with what it is about behind it: `part-down:redis`. */
function troubleWords(code: string, say: Say): string {
  const at = code.indexOf(':');
  if (at === -1) return say(`words.trouble.${code}`, {}, code);
  const about = code.slice(at + 1);
  return say(`words.troubleOf.${code.slice(0, at)}`, { about: say(`words.part.${about}`, {}, about) }, code);
}
