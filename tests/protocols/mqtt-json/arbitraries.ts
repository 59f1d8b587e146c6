import fc from 'fast-check';
import { MAX_ABS_VALUE } from '../../../protocols/mqtt-json/limits.ts';
import type { MqttAlarm, MqttStatus, MqttVitals } from '../../../protocols/mqtt-json/message.ts';
import { withoutUndefined } from '../../../protocols/mqtt-json/present.ts';

const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const time = fc.integer({ min: 0, max: 253_402_300_799_999 });
const text = (maxLength: number) =>
  fc.string({ unit: 'binary', maxLength }).filter((value) => !value.includes('\0') && value.length <= maxLength);
const percent = fc.double({ min: 0, max: 100, noNaN: true }).map((value) => value + 0);
const coordinate = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true }).map((value) => value + 0);

const location = fc
  .record({
    lat: coordinate(90),
    lon: coordinate(180),
    accuracyM: option(fc.double({ min: 0, max: 1000, noNaN: true }).map((value) => value + 0)),
    at: option(time),
    source: option(fc.constantFrom('gnss', 'wifi', 'cell')),
    datum: option(fc.constantFrom('wgs84', 'gcj02', 'bd09')),
  })
  .map((fields) => withoutUndefined<NonNullable<MqttAlarm['location']>>(fields));

export const anyAlarm: fc.Arbitrary<MqttAlarm> = fc
  .record({
    declaredType: option(fc.oneof(fc.constantFrom('sos', 'fall', 'test', 'cancel', 'restored'), text(64))),
    declaredOf: option(text(64)),
    id: option(text(64).filter((value) => value.length > 0)),
    at: option(time),
    zone: option(text(64)),
    text: option(text(200)),
    batteryPct: option(percent),
    location: option(location),
  })
  .map((fields) => withoutUndefined<MqttAlarm>(fields));

export const anyVitals: fc.Arbitrary<MqttVitals> = fc
  .record({
    at: option(time),
    readings: fc.array(
      fc
        .record({
          metric: fc.constantFrom('heart-rate', 'spo2', 'steps', 'sleep-minutes'),
          value: fc.double({ min: -MAX_ABS_VALUE, max: MAX_ABS_VALUE, noNaN: true }).map((value) => value + 0),
          unit: option(text(16)),
          at: option(time),
          quality: option(fc.constantFrom('ok', 'poor', 'none')),
          worn: option(fc.boolean()),
        })
        .map((fields) => withoutUndefined<MqttVitals['readings'][number]>(fields)),
      { maxLength: 20 },
    ),
  })
  .map((fields) => withoutUndefined<MqttVitals>(fields));

export const anyStatus: fc.Arbitrary<MqttStatus> = fc
  .record({
    at: option(time),
    batteryPct: option(percent),
    signalPct: option(percent),
    mains: option(fc.boolean()),
    firmware: option(text(64)),
  })
  .map((fields) => withoutUndefined<MqttStatus>(fields));
