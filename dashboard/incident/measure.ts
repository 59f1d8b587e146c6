import type { IncidentAlarm, Measure } from '../../gateway/api/contract/incident.ts';
import type { Say } from './log-words.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** "SpO2 86 % for 6 min, limit 90": why it rings, in one sentence. */
export function measureSentence({ metric, value, unit, limit, forMs }: Measure, say: Say): string {
  const params = {
    metric: say(`words.metric.${metric}`, {}, metric),
    unit: say(`words.unit.${unit}`, {}, unit),
    value,
    limit,
  };
  const plain = `${metric} ${value} ${unit}, ${limit}`;
  // Several readings of one moment have lasted for no time that would be worth a word.
  if (forMs < SECOND_MS) return say('words.measureNow', params, plain);
  return say('words.measure', { ...params, span: spanWords(forMs, say) }, plain);
}

function spanWords(ms: number, say: Say): string {
  if (ms < MINUTE_MS) return say('words.span.seconds', { count: Math.floor(ms / SECOND_MS) }, '');
  if (ms < HOUR_MS) return say('words.span.minutes', { count: Math.floor(ms / MINUTE_MS) }, '');
  const hours = Math.floor(ms / HOUR_MS);
  const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS);
  return say('words.span.hours', { hours, minutes }, '');
}

/** The newest that rang. */
export function lastMeasure(alarms: readonly Pick<IncidentAlarm, 'kind' | 'measure'>[]): Measure | null {
  return alarms.findLast(({ kind, measure }) => kind === 'alarm' && measure !== null)?.measure ?? null;
}

/** The same from the data of an entry of the log, where it has one. */
export function measureOf(data: Readonly<Record<string, unknown>>): Measure | null {
  const measure = data['measure'];
  return isMeasure(measure) ? measure : null;
}

function isMeasure(value: unknown): value is Measure {
  if (typeof value !== 'object' || value === null) return false;
  return 'metric' in value && 'value' in value && 'unit' in value && 'limit' in value && 'forMs' in value;
}
