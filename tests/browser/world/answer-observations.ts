import type { Page } from 'playwright-core';
import { BUCKETS, type Bucket, type Measured, type Observations } from '../../../gateway/api/contract/observations.ts';

/** One value of one metric; `isFlagged`: the sensor says that it is poor. */
export type SeedReading = {
  readonly metric: string;
  readonly atMs: number;
  readonly value: number;
  readonly isFlagged: boolean;
};

const UNITS: Readonly<Record<string, string>> = { spo2: '%', 'heart-rate': '1/min', temperature: 'Cel' };

const SECONDS = { m: 60, h: 3600, d: 86_400 } as const;

function widthOf(bucket: Bucket): number {
  const unit = bucket.at(-1) as keyof typeof SECONDS;
  return Number.parseInt(bucket, 10) * SECONDS[unit] * 1000;
}

/** Answers a page's questions for readings as the contract says, from these; so a page is seen with what no device sent. */
export async function answerObservations(page: Page, readings: readonly SeedReading[]): Promise<void> {
  await page.route('**/api/v1/residents/*/observations?**', (route) => {
    const query = new URL(route.request().url()).searchParams;
    return route.fulfill({ json: sumUp(readings, query) });
  });
  await page.route('**/api/v1/residents/*/measured?**', (route) => {
    const metrics = [...new Set(readings.map(({ metric }) => metric))].toSorted();
    const items = metrics.map((metric) => ({ metric, unit: UNITS[metric] ?? null }));
    const ends = { from: '2026-01-01T00:00:00.000Z', to: '2026-12-31T00:00:00.000Z' };
    return route.fulfill({ json: { ...ends, items } satisfies Measured });
  });
}

function sumUp(readings: readonly SeedReading[], query: URLSearchParams): Observations {
  const metric = query.get('metric') ?? '';
  const bucket = BUCKETS.find((name) => name === query.get('bucket')) ?? '5m';
  const width = widthOf(bucket);
  const from = query.get('from') ?? '';
  const to = query.get('to') ?? '';
  const own = readings.filter(
    (reading) => reading.metric === metric && reading.atMs >= Date.parse(from) && reading.atMs < Date.parse(to),
  );
  const points: Observations['points'] = [];
  const flagged: Observations['flagged'] = [];
  const starts = [...new Set(own.map(({ atMs }) => Math.floor(atMs / width) * width))].toSorted((a, b) => a - b);
  for (const start of starts) {
    const inside = own.filter(({ atMs }) => atMs >= start && atMs < start + width);
    for (const isFlagged of [false, true]) {
      const values = inside.filter((reading) => reading.isFlagged === isFlagged).map(({ value }) => value);
      if (values.length === 0) continue;
      const t = new Date(start).toISOString();
      const row = { t, min: Math.min(...values), max: Math.max(...values), count: values.length };
      if (isFlagged) flagged.push({ ...row, flags: ['poor'] });
      else points.push({ ...row, avg: values.reduce((sum, value) => sum + value, 0) / values.length });
    }
  }
  return { metric, unit: UNITS[metric] ?? null, bucket, from, to, points, flagged };
}
