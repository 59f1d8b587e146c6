import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MissedFeedback } from '../../../gateway/notify/missed-feedback.ts';

const entry = (type: string, at: number) => ({ entry: { type, at, data: {} }, incidentId: 'inc' });

test('what is kept is bounded by device, by devices and by time', () => {
  const missed = new MissedFeedback();
  for (let n = 0; n < 50; n += 1) missed.keep('d1', entry('received', n), 0);
  expect(missed.take('d1', 1).map((item) => item.entry.at)).toEqual(Array.from({ length: 20 }, (_, n) => 30 + n));
  for (let n = 0; n < 20_100; n += 1) missed.keep(`d${n}`, entry('received', n), n < 20_000 ? 0 : 1);
  expect(missed.devices).toBe(20_000);
  expect(missed.take('d0', 2)).toEqual([]);
  missed.keep('late', entry('received', 0), 15 * 60_000 + 2);
  expect(missed.devices).toBe(1);
});

test('of each case the newest stage is told, of each alarm that it was received, in order, once', () => {
  const some = fc.record({
    type: fc.constantFrom('received', 'claimed', 'dispatched', 'resolved', 'repeated'),
    incidentId: fc.constantFrom('a', 'b'),
  });
  fc.assert(
    fc.property(fc.array(some, { maxLength: 20 }), (kept) => {
      const missed = new MissedFeedback();
      const items = kept.map(({ type, incidentId }, at) => ({ ...entry(type, at), incidentId }));
      for (const item of items) missed.keep('d', item, 0);
      const told = missed.take('d', 0);
      const isReceived = ({ entry: { type } }: (typeof items)[number]) => type === 'received' || type === 'repeated';
      const newest = ['a', 'b'].flatMap((id) => items.findLast((i) => i.incidentId === id && !isReceived(i)) ?? []);
      expect(told.map((item) => item.entry.at)).toEqual(
        items.filter((item) => isReceived(item) || newest.includes(item)).map((item) => item.entry.at),
      );
      expect(missed.take('d', 0)).toEqual([]);
    }),
  );
});
