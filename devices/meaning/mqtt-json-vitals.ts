import type { MqttReading, MqttVitals } from '../../protocols/mqtt-json/message.ts';
import { READING_FLAGS, type Reading } from '../reading.ts';
import { findMetric, toOurUnit } from '../vital-metrics.ts';

/** What the readings of an MQTT-JSON `vitals` payload mean, in their order. Total: nothing is left out, what is odd is flagged. */
export function readingsOfMqttJson(vitals: MqttVitals): Reading[] {
  return vitals.readings.map((reading) => {
    const at = reading.at ?? vitals.at;
    const { value, flags } = judgeValue(reading);
    return {
      metric: reading.metric,
      value,
      ...(at === undefined ? {} : { at }),
      flags: flags | judgeSensor(reading),
    };
  });
}

function judgeValue({ metric, value, unit }: MqttReading): { value: number; flags: number } {
  const known = findMetric(metric);
  const ours = known === undefined ? undefined : toOurUnit(known, value, unit);
  if (known === undefined || ours === undefined) return { value, flags: READING_FLAGS.unknownUnit };
  const isPlausible = ours >= known.min && ours <= known.max;
  // Minus zero is equal to zero and stored as something else.
  return { value: ours + 0, flags: isPlausible ? 0 : READING_FLAGS.implausible };
}

function judgeSensor({ quality, worn }: MqttReading): number {
  const isPoor = quality === 'poor' || quality === 'none';
  return (worn === false ? READING_FLAGS.notWorn : 0) | (isPoor ? READING_FLAGS.poor : 0);
}
