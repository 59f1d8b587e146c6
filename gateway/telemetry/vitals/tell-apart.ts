import type { Reading } from '../../../devices/reading.ts';

/**
 * Readings of one metric that share a time and differ in their value: a device that counts whole seconds, or one time for a
 * whole message. Each gets the next free millisecond, in their order, so that none takes another's place. Pure.
 */
export function tellApart(readings: readonly Reading[]): readonly Reading[] {
  const taken = new Map<string, Map<number, number>>();
  return readings.map((reading) => {
    if (reading.at === undefined) return reading;
    const values = taken.get(reading.metric) ?? new Map<number, number>();
    taken.set(reading.metric, values);
    let at = reading.at;
    while (values.has(at) && values.get(at) !== reading.value) at += 1;
    values.set(at, reading.value);
    return at === reading.at ? reading : { ...reading, at };
  });
}
