/** How a metric is shown; what it means is the gateway's (its unit comes with the readings, its words from `words.metric`). */
type MetricLook = {
  /** Digits behind the point. */
  readonly decimals: number;
  /** Drawn from the start; the rest on demand. */
  readonly isFirst: boolean;
  /** Metrics that share a strip and its scale; absent: a strip of its own, so that limits cannot be taken for another's. */
  readonly strip?: string;
};

/** In the order in which they stand below each other: what kills first comes first (chosen). */
const LOOKS: Readonly<Record<string, MetricLook>> = {
  spo2: { decimals: 0, isFirst: true },
  'heart-rate': { decimals: 0, isFirst: true },
  systolic: { decimals: 0, isFirst: true, strip: 'pressure' },
  diastolic: { decimals: 0, isFirst: true, strip: 'pressure' },
  'respiratory-rate': { decimals: 0, isFirst: true },
  temperature: { decimals: 1, isFirst: true },
  glucose: { decimals: 1, isFirst: true },
  weight: { decimals: 1, isFirst: false },
  steps: { decimals: 0, isFirst: false },
  'sleep-minutes': { decimals: 0, isFirst: false },
};

const ORDER = Object.keys(LOOKS);

/** Requests go out one a metric: more lines than this nobody reads (chosen). */
const MOST_METRICS = 12;

/** Every metric once, known ones first in their order, others behind by name. */
export function sortMetrics(metrics: Iterable<string>): string[] {
  const place = (metric: string): number => (ORDER.includes(metric) ? ORDER.indexOf(metric) : ORDER.length);
  return [...new Set(metrics)].toSorted((a, b) => place(a) - place(b) || (a < b ? -1 : 1)).slice(0, MOST_METRICS);
}

/** Those that are drawn until somebody chooses otherwise; all of them where none is among the first. */
export function chooseFirst(metrics: readonly string[], measured: readonly string[] = []): string[] {
  const first = metrics.filter((metric) => LOOKS[metric]?.isFirst === true || measured.includes(metric));
  return first.length > 0 ? first : [...metrics];
}

/** Digits behind the point; undefined for a metric that this page does not know. */
export function decimalsOf(metric: string): number | undefined {
  return LOOKS[metric]?.decimals;
}

/** Which strip a metric is drawn in. */
export function stripOf(metric: string): string {
  return LOOKS[metric]?.strip ?? metric;
}
