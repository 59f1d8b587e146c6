import type { Observations } from '../../gateway/api/contract/observations.ts';
import type { Api } from '../api/client.ts';
import type { Result } from '../api/failure.ts';
import { readSeries, type Series } from './series.ts';
import { chooseBucket, type Bounds } from './span.ts';

/** How far back it is looked whether there are any readings at all: further than they are kept (chosen). */
const EVER_MS = 800 * 24 * 60 * 60_000;

type Ask = {
  readonly residentId: string;
  readonly metrics: readonly string[];
  readonly bounds: Bounds;
  /** Minutes east of UTC at which days begin here. */
  readonly offsetMinutes: number;
};

/**
 * One metric after the other: a chart takes one of the browser's few connections, never those of a claim. What fails ends it;
 * part of a person's readings could be taken for all of them.
 */
export async function loadSeries(
  api: Pick<Api, 'get'>,
  { residentId, metrics, bounds, offsetMinutes }: Ask,
  signal: AbortSignal,
): Promise<Result<readonly Series[]>> {
  const all: Series[] = [];
  for (const metric of metrics) {
    const query = new URLSearchParams({
      metric,
      from: new Date(bounds.fromMs).toISOString(),
      to: new Date(bounds.toMs).toISOString(),
      bucket: chooseBucket(bounds),
      // The gateway takes whole hours; elsewhere days begin up to half an hour off.
      offset: String(Math.trunc(offsetMinutes / 60) * 60),
    });
    // One after the other on purpose.
    const result = await api.get<Observations>(
      `/residents/${encodeURIComponent(residentId)}/observations?${query}`,
      signal,
    );
    if (!result.ok) return result;
    all.push(readSeries(result.value, bounds));
  }
  return { ok: true, value: all };
}

/** The last week in which anything was measured before `bounds`; null: none that is kept. */
export async function loadLastWeek(
  api: Pick<Api, 'get'>,
  ask: Ask,
  signal: AbortSignal,
): Promise<Result<Bounds | null>> {
  const wide = { fromMs: ask.bounds.toMs - EVER_MS, toMs: ask.bounds.toMs };
  const result = await loadSeries(api, { ...ask, bounds: wide }, signal);
  if (!result.ok) return result;
  const halfMs = 3.5 * 24 * 60 * 60_000;
  const last = Math.max(
    ...result.value.flatMap(({ points, flagged }) => [...points, ...flagged].map(({ atMs }) => atMs)),
    Number.NEGATIVE_INFINITY,
  );
  return { ok: true, value: Number.isFinite(last) ? { fromMs: last - halfMs, toMs: last + halfMs } : null };
}
