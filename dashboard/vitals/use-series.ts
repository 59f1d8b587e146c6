import { useEffect, useState } from 'react';
import type { Failure } from '../api/failure.ts';
import { useServices } from '../console/services.ts';
import { useSeenMinute } from '../console/use-ticks.ts';
import { loadLastWeek, loadSeries } from './load.ts';
import type { Series } from './series.ts';
import { calcBounds, type Bounds, type Span } from './span.ts';

export type SeriesState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | {
      readonly kind: 'read';
      readonly series: readonly Series[];
      readonly bounds: Bounds;
      /** Of the newest answer; where that was a failure, `series` and `bounds` may be those of another span. */
      readonly answered: Span;
      /** Where there are none in the span: the last week that has some; null: no readings are kept. */
      readonly lastWeek: Bounds | null;
      /** It could not be read anew; what is shown is as of the end of `bounds`. */
      readonly failure: Failure | null;
    };

/** Somebody who goes through cases with the keys asks for no chart on the way (chosen). */
const SETTLE_MS = 250;

/**
 * Readings of one person, read anew once a minute while the window is seen, and a span that ends now; never for each reading.
 * What was asked before is called off.
 */
export function useSeries(residentId: string, metrics: readonly string[], span: Span): SeriesState {
  const { api, ticker } = useServices();
  const [state, setState] = useState<SeriesState>({ kind: 'loading' });
  const seenMinute = useSeenMinute();
  const turn = span.kind === 'fixed' ? 0 : seenMinute;
  const asked = metrics.join(' ');
  useEffect(() => {
    if (asked === '') return;
    const ended = new AbortController();
    const { signal } = ended;
    const bounds = calcBounds(span, ticker.nowMs());
    const offsetMinutes = -new Date(bounds.toMs).getTimezoneOffset();
    const ask = { residentId, metrics: asked.split(' '), bounds, offsetMinutes };
    const settleTimer = setTimeout(() => {
      void (async () => {
        const read = await loadSeries(api, ask, signal);
        const isEmpty = read.ok && read.value.every(({ points, flagged }) => points.length + flagged.length === 0);
        const last = isEmpty ? await loadLastWeek(api, ask, signal) : null;
        if (signal.aborted) return;
        const failure = !read.ok ? read.failure : last?.ok === false ? last.failure : null;
        if (failure !== null || !read.ok) {
          return setState((held) =>
            held.kind === 'read'
              ? { ...held, answered: span, failure }
              : { kind: 'failed', failure: failure as Failure },
          );
        }
        setState({
          kind: 'read',
          series: read.value,
          bounds,
          answered: span,
          lastWeek: last?.ok === true ? last.value : null,
          failure: null,
        });
      })();
    }, SETTLE_MS);
    return () => {
      clearTimeout(settleTimer);
      ended.abort();
    };
  }, [api, ticker, residentId, asked, span, turn]);
  return state;
}
