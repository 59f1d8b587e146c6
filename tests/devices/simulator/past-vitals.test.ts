import { expect, test } from 'vitest';
import { listPastVitals } from '../../../devices/simulator/past-vitals.ts';
import { createWearer } from '../../../devices/simulator/plausible-vitals.ts';

const FROM = Date.UTC(2026, 10, 20, 2);
const HOUR_MS = 3_600_000;

const metrics = ['heart-rate', 'steps'];
const half = (): number => 0.5;

test('it is a message for each moment of the span, its end not among them', () => {
  const span = { fromMs: FROM, toMs: FROM + HOUR_MS, everyMs: HOUR_MS / 4 };
  const { messages } = listPastVitals(createWearer(FROM), metrics, span, half);
  expect(messages.map(({ atMs }) => (atMs - FROM) / HOUR_MS)).toEqual([0, 0.25, 0.5, 0.75]);
  expect(messages[0]?.readings.map(({ metric }) => metric)).toEqual(metrics);
});

test('in two pieces it is the same as in one: the wearer goes on', () => {
  const everyMs = HOUR_MS / 2;
  const dice = (): (() => number) => {
    let n = 0;
    return () => {
      n += 1;
      return (n * 0.37) % 1;
    };
  };
  const whole = listPastVitals(
    createWearer(FROM),
    metrics,
    { fromMs: FROM, toMs: FROM + 8 * HOUR_MS, everyMs },
    dice(),
  );
  const random = dice();
  const first = listPastVitals(
    createWearer(FROM),
    metrics,
    { fromMs: FROM, toMs: FROM + 4 * HOUR_MS, everyMs },
    random,
  );
  const rest = { fromMs: FROM + 4 * HOUR_MS, toMs: FROM + 8 * HOUR_MS, everyMs };
  const second = listPastVitals(first.wearer, metrics, rest, random);
  expect([...first.messages, ...second.messages]).toEqual(whole.messages);
});

test('a value drifts from where the one before was', () => {
  const span = { fromMs: FROM, toMs: FROM + HOUR_MS, everyMs: HOUR_MS / 4 };
  const { messages } = listPastVitals(createWearer(FROM), ['heart-rate'], span, () => 0.99);
  const values = messages.map(({ readings }) => readings[0]?.value ?? 0);
  expect(new Set(values).size).toBe(4);
  expect(values).toEqual(values.toSorted((a, b) => a - b));
});
