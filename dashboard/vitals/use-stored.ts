import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Measured as Answer } from '../../gateway/api/contract/observations.ts';
import { useServices } from '../console/services.ts';
import { calcStoredFrom, type Span } from './span.ts';

const MINUTE_MS = 60_000;
/** Minutes until it is asked anew: what is new comes with the devices (chosen). */
const ANEW = { read: 60, failed: 1 } as const;

export type Stored = {
  /** Metrics that are stored of a person; what was read before where it could not be read anew. */
  readonly metrics: readonly string[];
  readonly hasFailed: boolean;
};

type Held = Stored & { readonly residentId: string; readonly minute: number; readonly turn: number };

/**
 * What is stored of a person, by whatever devices, retired and replaced ones too: over 90 days, or longer where `span` reaches
 * further back. Null while it is read. It waits until `isReady`: a chart never takes two of the browser's few connections.
 */
export function useStored(residentId: string, span: Span, isReady: boolean): Stored | null {
  const { api, ticker } = useServices();
  const [held, setHeld] = useState<Held | null>(null);
  const [turn, setTurn] = useState(0);
  const minute = useSyncExternalStore(ticker.subscribe, () => Math.floor(ticker.shownMs() / MINUTE_MS));
  const fromMs = calcStoredFrom(span, minute * MINUTE_MS);
  const mine = held?.residentId === residentId ? held : null;
  const isDue = mine !== null && minute - mine.minute >= (mine.hasFailed ? ANEW.failed : ANEW.read);
  if (isDue && mine.turn === turn && !document.hidden) setTurn(turn + 1);
  useEffect(() => {
    if (!isReady) return;
    const ended = new AbortController();
    const path = `/residents/${encodeURIComponent(residentId)}/measured?from=${new Date(fromMs).toISOString()}`;
    void api.get<Answer>(path, ended.signal).then((result) => {
      if (ended.signal.aborted) return;
      const asked = { residentId, minute: Math.floor(ticker.nowMs() / MINUTE_MS), turn, hasFailed: !result.ok };
      setHeld((before) => {
        const known = before?.residentId === residentId ? before.metrics : [];
        return { ...asked, metrics: result.ok ? result.value.items.map(({ metric }) => metric) : known };
      });
    });
    return () => ended.abort();
  }, [api, ticker, residentId, fromMs, isReady, turn]);
  return mine;
}
