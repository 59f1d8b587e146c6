import { expect, test } from 'vitest';
import {
  formatPeriod,
  formatTicks,
  formatValue,
  formatWhen,
  localeOf,
  type Locale,
} from '../../../dashboard/vitals/format.ts';

const zh: Locale = { tag: 'zh-CN', timeZone: 'Asia/Shanghai' };
const en: Locale = { tag: 'en-GB', timeZone: 'Asia/Shanghai' };
const at = (iso: string): number => Date.parse(iso);

test('values have the digits that mean something, in the language’s way', () => {
  expect(formatValue('temperature', 37, zh)).toBe('37.0');
  expect(formatValue('heart-rate', 71.6, en)).toBe('72');
  expect(formatValue('steps', 12_345, en)).toBe('12,345');
  expect(formatValue('skin-resistance', 0.456, en)).toBe('0.46');
});

test('a moment is told in the centre’s zone: the day only when it is another, the year only when it is another', () => {
  const now = at('2026-03-01T18:00:00Z');
  expect(formatWhen(at('2026-03-01T16:05:00Z'), now, zh)).toBe('00:05');
  expect(formatWhen(at('2026-03-01T15:05:00Z'), now, zh)).toBe('3月1日 23:05');
  expect(formatWhen(at('2026-03-01T15:05:00Z'), now, en)).toBe('1 Mar 23:05');
  expect(formatWhen(at('2025-12-31T10:00:00Z'), now, en)).toBe('31 Dec 2025 18:00');
  expect(formatWhen(at('2025-12-31T10:00:00Z'), now, zh)).toBe('2025年12月31日 18:00');
});

test('on the axis the day stands below the first mark and wherever another begins', () => {
  const ticks = ['2026-03-01T12:00:00Z', '2026-03-01T14:00:00Z', '2026-03-01T16:00:00Z'].map((iso) => at(iso) / 1000);
  expect(formatTicks(ticks, 7200, en)).toEqual(['20:00\n1 Mar', '22:00', '00:00\n2 Mar']);
  expect(formatTicks(ticks, 86_400, zh)).toEqual(['3月1日', '3月1日', '3月2日']);
});

test('midnight is 00:00 and never 24:00', () => {
  expect(formatTicks([at('2026-03-01T16:00:00Z') / 1000], 3600, zh)).toEqual(['00:00\n3月2日']);
});

test('a language is told as the page tells it', () => {
  expect([localeOf('zh').tag, localeOf('zh-CN').tag, localeOf('en').tag]).toEqual(['zh-CN', 'zh-CN', 'en-GB']);
});

test('a row of the table says its time once: whole days as days, a piece of a day with one day', () => {
  const now = at('2026-03-01T10:00:00Z');
  const period = (from: string, to: string): string => formatPeriod(at(from), at(to), now, en);
  expect(period('2026-02-26T16:00:00Z', '2026-02-27T16:00:00Z')).toBe('27 Feb');
  expect(period('2026-02-26T16:00:00Z', '2026-02-28T16:00:00Z')).toBe('27 Feb – 28 Feb');
  expect(period('2026-03-01T09:30:00Z', '2026-03-01T10:00:00Z')).toBe('17:30 – 18:00');
  expect(period('2026-02-28T15:30:00Z', '2026-02-28T16:00:00Z')).toBe('28 Feb 23:30 – 00:00');
  expect(period('2026-02-28T14:00:00Z', '2026-03-01T02:00:00Z')).toBe('28 Feb 22:00 – 1 Mar 10:00');
});
