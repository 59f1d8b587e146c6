import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Reassembler } from '../../../protocols/sms-pdu/reassembler.ts';
import { MAX_WAITING_MESSAGES, PART_WAITS_MS } from '../../../protocols/sms-pdu/limits.ts';

const FROM = { kind: 'international', value: '8613800000000' } as const;
const OTHER = { kind: 'international', value: '8613900000000' } as const;
const part = (number: number, total: number, reference = 7) => ({ bits: 8, reference, total, number }) as const;
const build = () => new Reassembler<string>((a, b) => a === b);
const itemsOf = (all: readonly { readonly parts: readonly { readonly item: string }[] }[]) =>
  all.map(({ parts }) => parts.map(({ item }) => item));

describe('the parts of a message', () => {
  test('come out whole and in order, in whatever order they came', () => {
    const orders = fc.integer({ min: 1, max: 8 }).chain((total) =>
      fc.shuffledSubarray(
        Array.from({ length: total }, (_, i) => i + 1),
        { minLength: total },
      ),
    );
    fc.assert(
      fc.property(orders, (order) => {
        const reassembler = build();
        const out = order.flatMap((number) => reassembler.add(FROM, part(number, order.length), `${number}`, 0));
        expect(out).toHaveLength(1);
        expect(itemsOf(out)).toEqual([order.toSorted((a, b) => a - b).map(String)]);
        expect(out[0]?.missing).toEqual([]);
        expect(reassembler.size).toBe(0);
      }),
    );
  });

  test('of two senders or two references are not mixed', () => {
    const reassembler = build();
    expect(reassembler.add(FROM, part(1, 2), 'a1', 0)).toEqual([]);
    expect(reassembler.add(OTHER, part(2, 2), 'b2', 0)).toEqual([]);
    expect(reassembler.add(FROM, part(2, 2, 8), 'c2', 0)).toEqual([]);
    expect(itemsOf(reassembler.add(FROM, part(2, 2), 'a2', 0))).toEqual([['a1', 'a2']]);
  });

  test('that stay alone come out after a minute, and tell what is missing', () => {
    const reassembler = build();
    reassembler.add(FROM, part(2, 3), 'middle', 1000);
    expect(reassembler.due(1000 + PART_WAITS_MS - 1)).toEqual([]);
    const [late] = reassembler.due(1000 + PART_WAITS_MS);
    expect(late).toEqual({ parts: [{ number: 2, item: 'middle' }], total: 3, missing: [1, 3] });
    expect(reassembler.due(Number.MAX_SAFE_INTEGER)).toEqual([]);
  });

  test('that came twice come out twice, so that both can be deleted', () => {
    const reassembler = build();
    reassembler.add(FROM, part(1, 2), 'one', 0);
    reassembler.add(FROM, part(1, 2), 'one', 0);
    expect(itemsOf(reassembler.add(FROM, part(2, 2), 'two', 0))).toEqual([['one', 'one', 'two']]);
  });

  test('under a reference that is used again end the message before', () => {
    const reassembler = build();
    reassembler.add(FROM, part(1, 2), 'old', 0);
    expect(itemsOf(reassembler.add(FROM, part(1, 2), 'new', 0))).toEqual([['old']]);
    expect(itemsOf(reassembler.add(FROM, part(2, 2), 'end', 0))).toEqual([['new', 'end']]);
  });

  test('beyond the bound push the oldest out, at once and as it is', () => {
    const reassembler = build();
    for (let n = 0; n < MAX_WAITING_MESSAGES; n += 1)
      expect(reassembler.add(FROM, part(1, 2, n), `${n}`, n)).toEqual([]);
    expect(itemsOf(reassembler.add(OTHER, part(1, 2), 'one more', 99))).toEqual([['0']]);
    expect(reassembler.size).toBe(MAX_WAITING_MESSAGES);
  });

  test('are never lost and never more than the bound, whatever comes', () => {
    const came = fc.array(
      fc.record({
        reference: fc.integer({ min: 0, max: 200 }),
        number: fc.integer({ min: 1, max: 3 }),
        ms: fc.nat(90_000),
      }),
      { maxLength: 300 },
    );
    fc.assert(
      fc.property(came, (all) => {
        const reassembler = build();
        let nowMs = 0;
        const out: string[] = [];
        all.forEach(({ reference, number, ms }, i) => {
          nowMs += ms;
          out.push(...itemsOf(reassembler.due(nowMs)).flat());
          out.push(...itemsOf(reassembler.add(FROM, part(number, 3, reference), `${i}`, nowMs)).flat());
          expect(reassembler.size).toBeLessThanOrEqual(MAX_WAITING_MESSAGES);
        });
        out.push(...itemsOf(reassembler.due(nowMs + PART_WAITS_MS)).flat());
        expect(out.toSorted()).toEqual(all.map((_, i) => `${i}`).toSorted());
      }),
    );
  });
});
