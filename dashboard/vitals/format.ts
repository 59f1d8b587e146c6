import { decimalsOf } from './metrics.ts';

/** `timeZone` absent: the computer's own, which stands in the centre. */
export type Locale = { readonly tag: 'zh-CN' | 'en-GB'; readonly timeZone?: string };

export function localeOf(language: string): Locale {
  return { tag: language.startsWith('zh') ? 'zh-CN' : 'en-GB' };
}

const DAY_MS = 24 * 60 * 60_000;

type Fields = Pick<Intl.DateTimeFormatOptions, 'year' | 'month' | 'day' | 'hour' | 'minute'>;

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatWith(epochMs: number, { tag, timeZone }: Locale, fields: Fields): string {
  const key = `${tag} ${timeZone ?? ''} ${Object.keys(fields).join()}`;
  const options = { ...fields, ...(timeZone === undefined ? {} : { timeZone }), hourCycle: 'h23' as const };
  const formatter = formatters.get(key) ?? new Intl.DateTimeFormat(tag, options);
  formatters.set(key, formatter);
  return formatter.format(epochMs);
}

/** `14:05` */
export function formatClock(epochMs: number, locale: Locale): string {
  return formatWith(epochMs, locale, { hour: '2-digit', minute: '2-digit' });
}

/** `11月22日`, `22 Nov` */
export function formatDay(epochMs: number, locale: Locale): string {
  return formatWith(epochMs, locale, { month: 'short', day: 'numeric' });
}

/** Time of day; the day before it when it is not that of `nowMs`, the year too when it is another. */
export function formatWhen(epochMs: number, nowMs: number, locale: Locale): string {
  const clock = formatClock(epochMs, locale);
  const day = (ms: number): string => formatWith(ms, locale, { year: 'numeric', month: 'short', day: 'numeric' });
  if (day(epochMs) === day(nowMs)) return clock;
  const year = (ms: number): string => formatWith(ms, locale, { year: 'numeric' });
  return `${year(epochMs) === year(nowMs) ? formatDay(epochMs, locale) : day(epochMs)} ${clock}`;
}

/** `22 Nov`, `20 Nov – 21 Nov` for whole days, else `20 Nov 04:30 – 05:00`; the day of `nowMs` goes without saying. */
export function formatPeriod(fromMs: number, toMs: number, nowMs: number, locale: Locale): string {
  const [begins, ends] = [formatDay(fromMs, locale), formatDay(toMs - 1, locale)];
  const isDays =
    toMs - fromMs >= DAY_MS && formatClock(fromMs, locale) === '00:00' && formatClock(toMs, locale) === '00:00';
  if (isDays) return begins === ends ? begins : `${begins} – ${ends}`;
  const from = formatWhen(fromMs, nowMs, locale);
  if (begins === ends) return `${from} – ${formatClock(toMs, locale)}`;
  return `${begins} ${formatClock(fromMs, locale)} – ${ends} ${formatClock(toMs, locale)}`;
}

/** A value of a metric with the digits that mean something. */
export function formatValue(metric: string, value: number, { tag }: Locale): string {
  const decimals = decimalsOf(metric);
  const digits =
    decimals === undefined
      ? { maximumFractionDigits: 2 }
      : { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return new Intl.NumberFormat(tag, digits).format(value);
}

const DAY_S = DAY_MS / 1000;

/** Words of the marks of the time axis: time of day, the day below the first and wherever another begins. Epoch seconds. */
export function formatTicks(ticks: readonly number[], stepS: number, locale: Locale): string[] {
  let shownDay = '';
  return ticks.map((tick) => {
    const day = formatDay(tick * 1000, locale);
    if (stepS >= DAY_S) return day;
    const clock = formatClock(tick * 1000, locale);
    if (day === shownDay) return clock;
    shownDay = day;
    return `${clock}\n${day}`;
  });
}
