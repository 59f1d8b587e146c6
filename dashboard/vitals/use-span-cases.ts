import { useEffect, useState } from 'react';
import type { Result } from '../api/failure.ts';
import { useServices } from '../console/services.ts';
import { loadCases, type SpanCases } from './load-cases.ts';
import { calcBounds, type Span } from './span.ts';
import { askedAt, useAnew, type Asked } from './use-anew.ts';

type Answer = Asked & { readonly residentId: string; readonly span: Span; readonly result: Result<SpanCases> };

/**
 * Cases of a person in the span of a chart, the last 200 that closed coming by the feed; null while they are read. They wait until
 * the readings of that span were answered (`isReady`): a chart never takes two of the browser's few connections.
 */
export function useSpanCases(residentId: string, span: Span, isReady: boolean): Result<SpanCases> | null {
  const { api, ticker } = useServices();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const fresh = answer?.residentId === residentId && answer.span === span ? answer : null;
  const { turn } = useAnew(fresh === null ? null : { ...fresh, hasFailed: !fresh.result.ok });
  useEffect(() => {
    if (!isReady) return;
    const ended = new AbortController();
    void loadCases(api, residentId, calcBounds(span, ticker.nowMs()), ended.signal).then((result) => {
      if (ended.signal.aborted) return;
      const asked = { residentId, span, ...askedAt(ticker.nowMs(), turn) };
      setAnswer((held) => {
        // What was read of this span stays true, though it cannot be read anew.
        const isHeld = held?.residentId === residentId && held.span === span && held.result.ok;
        return { ...asked, result: isHeld && !result.ok ? held.result : result };
      });
    });
    return () => ended.abort();
  }, [api, ticker, residentId, span, isReady, turn]);
  return fresh?.result ?? null;
}
