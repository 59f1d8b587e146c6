const METRICS = ['heart-rate', 'spo2', 'temperature', 'steps'] as const;
/** Within every limit, so that no rule has anything to say. */
const BASE = { 'heart-rate': 66, spo2: 96, temperature: 36.5, steps: 1000 } as const;

let presses = 0;
const lastAt = new Map<number, number>();

/** A press that no rule of identity can take for another. */
export function alarmPayload(): string {
  presses += 1;
  return JSON.stringify({
    type: 'sos',
    id: `${process.pid}-${presses}`,
    at: Date.now(),
    text: 'a press of the bench, padded to be about as long as a real one',
  });
}

/** Readings that no device has said before: a millisecond later than its last ones at least. */
export function vitalsPayload(client: number, readings: number): string {
  const at = Math.max(Date.now(), (lastAt.get(client) ?? 0) + 1);
  lastAt.set(client, at);
  const list = METRICS.slice(0, readings).map((metric) => ({ metric, value: BASE[metric] + (at % 3) }));
  return JSON.stringify({ at, readings: list });
}
