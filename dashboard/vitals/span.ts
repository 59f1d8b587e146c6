import type { Bucket } from '../../gateway/api/contract/observations.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What a button asks for: so long until now. */
export const PRESETS = ['24h', '7d', '30d', '90d'] as const;
export type Preset = (typeof PRESETS)[number];

const PRESET_MS: Readonly<Record<Preset, number>> = {
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
  '90d': 90 * DAY_MS,
};

/** A `fixed` one does not move with the clock. Epoch milliseconds. */
export type Span =
  | { readonly kind: 'last'; readonly preset: Preset }
  | { readonly kind: 'fixed'; readonly fromMs: number; readonly toMs: number };

export type Bounds = { readonly fromMs: number; readonly toMs: number };

/** Below this a dragged piece is a slip of the hand (chosen). */
export const SHORTEST_MS = 5 * MINUTE_MS;
/** The longest that is asked for at once (chosen). */
export const LONGEST_MS = 400 * DAY_MS;

export const BUCKET_MS = {
  '1m': MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '30m': 30 * MINUTE_MS,
  '1h': HOUR_MS,
  '3h': 3 * HOUR_MS,
  '6h': 6 * HOUR_MS,
  '12h': 12 * HOUR_MS,
  '1d': DAY_MS,
  '7d': 7 * DAY_MS,
} as const satisfies Record<Bucket, number>;

/** Points of one line: more than a strip has pixels for at its narrowest say nothing more (chosen). */
const MOST_POINTS = 300;

export function calcBounds(span: Span, nowMs: number): Bounds {
  if (span.kind === 'fixed') return { fromMs: span.fromMs, toMs: span.toMs };
  return { fromMs: nowMs - PRESET_MS[span.preset], toMs: nowMs };
}

/** From when on it is asked what is stored of a person: a beginning of a day of UTC, so that a chart that goes on asks the same. */
export function calcStoredFrom(span: Span, nowMs: number): number {
  const usualMs = calcBounds({ kind: 'last', preset: '90d' }, nowMs).fromMs;
  return Math.floor(Math.min(usualMs, calcBounds(span, nowMs).fromMs) / DAY_MS) * DAY_MS;
}

/** The narrowest bucket whose points still fit. */
export function chooseBucket({ fromMs, toMs }: Bounds): Bucket {
  const fits = (Object.keys(BUCKET_MS) as Bucket[]).find((name) => (toMs - fromMs) / BUCKET_MS[name] <= MOST_POINTS);
  return fits ?? '7d';
}

export type SpanFault = 'incomplete' | 'order' | 'short' | 'long';

/** What two fields of a form ask for, as `YYYY-MM-DDThh:mm` in the console's zone; else why they do not. */
export function readSpan(from: string, to: string): Span | SpanFault {
  const fromMs = new Date(from).getTime();
  const toMs = new Date(to).getTime();
  if (Number.isNaN(fromMs) || Number.isNaN(toMs)) return 'incomplete';
  if (toMs <= fromMs) return 'order';
  if (toMs - fromMs < SHORTEST_MS) return 'short';
  if (toMs - fromMs > LONGEST_MS) return 'long';
  return { kind: 'fixed', fromMs, toMs };
}

/** For such a field. */
export function formatField(epochMs: number): string {
  const at = new Date(epochMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
