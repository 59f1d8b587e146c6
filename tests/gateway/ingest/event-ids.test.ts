import fc from 'fast-check';
import { isValid } from 'ulid';
import { expect, test } from 'vitest';
import { createEventIds } from '../../../gateway/ingest/event-ids.ts';
import { HandClock } from './hand-clock.ts';

test('ids only ever rise, whatever the wall clock does, and are always ULIDs', () => {
  const wild = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(NaN, Infinity, -Infinity, -1, 0, 2 ** 48, 2 ** 53));
  fc.assert(
    fc.property(fc.array(wild, { minLength: 2, maxLength: 30 }), (times) => {
      const clock = new HandClock();
      const next = createEventIds(clock);
      let last = '';
      for (const time of times) {
        clock.wallMs = time;
        const id = next();
        expect(isValid(id)).toBe(true);
        expect(id > last).toBe(true);
        last = id;
      }
    }),
  );
});

test('two gateways that start in the same millisecond make different ids', () => {
  const clock = new HandClock();
  expect(createEventIds(clock)()).not.toBe(createEventIds(clock)());
});
