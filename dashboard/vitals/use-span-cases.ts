import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Result } from '../api/failure.ts';
import { useServices } from '../console/services.ts';
import { loadCases, type SpanCases } from './load-cases.ts';
import { calcBounds, type Span } from './span.ts';

const MINUTE_MS = 60_000;
/** Minutes until it is read anew: what is new comes by the feed, which holds the last 200 that closed (chosen). */
const ANEW = { read: 60, failed: 1 } as const;

type Answer = {
  readonly residentId: string;
  readonly span: Span;
  readonly result: Result<SpanCases>;
  readonly minute: number;
  readonly turn: number;
};

/**
 * Cases of a person in the span of a chart; null while they are read. They wait until the readings are there (`isReady`): a
 * chart never takes two of the browser's few connections.
 */
export function useSpanCases(residentId: string, span: Span, isReady: boolean): Result<SpanCases> | null {
  const { api, ticker } = useServices();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [turn, setTurn] = useState(0);
  const minute = useSyncExternalStore(ticker.subscribe, () => Math.floor(ticker.shownMs() / MINUTE_MS));
  const fresh = answer?.residentId === residentId && answer.span === span ? answer : null;
  const isDue = fresh !== null && minute - fresh.minute >= (fresh.result.ok ? ANEW.read : ANEW.failed);
  if (isDue && fresh.turn === turn && !document.hidden) setTurn(turn + 1);
  useEffect(() => {
    if (!isReady) return;
    const ended = new AbortController();
    void loadCases(api, residentId, calcBounds(span, ticker.nowMs()), ended.signal).then((result) => {
      if (ended.signal.aborted) return;
      const asked = { residentId, span, minute: Math.floor(ticker.nowMs() / MINUTE_MS), turn };
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
