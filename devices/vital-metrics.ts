/** How a unit becomes ours: `value * factor + offset`. */
type Conversion = { readonly factor: number; readonly offset?: number };

/** What we know of one kind of vital sign. */
export type VitalMetric = {
  /** Ours, in UCUM; what is stored, drawn and judged. */
  readonly unit: string;
  /** Other spellings and units that devices use, in lower case. */
  readonly accepts: Readonly<Record<string, Conversion>>;
  /** What a living person can have, both included. Beyond it the sensor is wrong, or somebody else's. */
  readonly min: number;
  readonly max: number;
  /** Digits behind the point that mean something; a converted value is rounded to them. */
  readonly decimals: number;
  /** `everyday`: nobody's life hangs on one reading; the first to go where not all can be kept. */
  readonly worth: 'vital' | 'everyday';
};

const SAME: Conversion = { factor: 1 };
const PER_MINUTE = { bpm: SAME, '/min': SAME, 'beats/min': SAME, '{beats}/min': SAME, 'breaths/min': SAME, rpm: SAME };
const MM_HG = { mmhg: SAME, kpa: { factor: 7.500_617, offset: 0 } };

/**
 * The metrics of design §8. The list is open: another metric is kept as it came, flagged, and never scored. Ranges are chosen
 * wide (extremes that people have survived); factors are those of the SI and, for glucose, of its molar mass (180.16 g/mol).
 */
export const VITAL_METRICS = {
  'heart-rate': { unit: '1/min', accepts: PER_MINUTE, min: 20, max: 300, decimals: 0, worth: 'vital' },
  spo2: { unit: '%', accepts: { percent: SAME, pct: SAME }, min: 30, max: 100, decimals: 0, worth: 'vital' },
  systolic: { unit: 'mm[Hg]', accepts: MM_HG, min: 40, max: 300, decimals: 0, worth: 'vital' },
  diastolic: { unit: 'mm[Hg]', accepts: MM_HG, min: 20, max: 200, decimals: 0, worth: 'vital' },
  temperature: {
    unit: 'Cel',
    accepts: {
      c: SAME,
      '°c': SAME,
      '℃': SAME,
      f: { factor: 5 / 9, offset: -160 / 9 },
      '°f': { factor: 5 / 9, offset: -160 / 9 },
      '[degf]': { factor: 5 / 9, offset: -160 / 9 },
    },
    min: 20,
    max: 45,
    decimals: 1,
    worth: 'vital',
  },
  'respiratory-rate': { unit: '1/min', accepts: PER_MINUTE, min: 2, max: 90, decimals: 0, worth: 'vital' },
  glucose: {
    unit: 'mmol/L',
    accepts: { 'mg/dl': { factor: 1 / 18.016 } },
    min: 0.5,
    max: 60,
    decimals: 1,
    worth: 'vital',
  },
  weight: {
    unit: 'kg',
    accepts: {
      g: { factor: 0.001 },
      lb: { factor: 0.453_592_37 },
      '[lb_av]': { factor: 0.453_592_37 },
      斤: { factor: 0.5 },
    },
    min: 15,
    max: 400,
    decimals: 1,
    worth: 'everyday',
  },
  steps: {
    unit: '{steps}',
    accepts: { steps: SAME, count: SAME },
    min: 0,
    max: 200_000,
    decimals: 0,
    worth: 'everyday',
  },
  'sleep-minutes': { unit: 'min', accepts: { h: { factor: 60 } }, min: 0, max: 1440, decimals: 0, worth: 'everyday' },
} as const satisfies Record<string, VitalMetric>;

const BY_NAME: ReadonlyMap<string, VitalMetric> = new Map(Object.entries(VITAL_METRICS));

/** Undefined for a metric that we have no meaning for. */
export function findMetric(metric: string): VitalMetric | undefined {
  return BY_NAME.get(metric);
}

/** The value in our unit; undefined when the unit is none that we know for this metric. No unit at all: ours. */
export function toOurUnit(of: VitalMetric, value: number, unit: string | undefined): number | undefined {
  if (unit === undefined || unit === of.unit) return value;
  const name = unit.trim().toLowerCase();
  if (name === of.unit.toLowerCase()) return value;
  const conversion = Object.hasOwn(of.accepts, name) ? of.accepts[name] : undefined;
  if (conversion === undefined) return undefined;
  const { factor, offset = 0 } = conversion;
  if (factor === 1 && offset === 0) return value;
  return Number((value * factor + offset).toFixed(of.decimals));
}
