import { useEffect, useState } from 'react';
import type { Measured as Answer } from '../../gateway/api/contract/observations.ts';
import { useServices } from '../console/services.ts';
import { MINUTE_MS } from '../console/use-ticks.ts';
import { calcStoredFrom, type Span } from './span.ts';
import { askedAt, useAnew, type Asked } from './use-anew.ts';

export type Stored = {
  /** Metrics that are stored of a person; what was read before where it could not be read anew. */
  readonly metrics: readonly string[];
  readonly hasFailed: boolean;
};

type Held = Stored & Asked & { readonly residentId: string };

/**
 * What is stored of a person, by whatever devices, retired and replaced ones too: over 90 days, or longer where `span` reaches
 * further back. Null while it is read. It waits until `isReady`: a chart never takes two of the browser's few connections.
 */
export function useStored(residentId: string, span: Span, isReady: boolean): Stored | null {
  const { api, ticker } = useServices();
  const [held, setHeld] = useState<Held | null>(null);
  const mine = held?.residentId === residentId ? held : null;
  const { minute, turn } = useAnew(mine);
  const fromMs = calcStoredFrom(span, minute * MINUTE_MS);
  useEffect(() => {
    if (!isReady) return;
    const ended = new AbortController();
    const path = `/residents/${encodeURIComponent(residentId)}/measured?from=${new Date(fromMs).toISOString()}`;
    void api.get<Answer>(path, ended.signal).then((result) => {
      if (ended.signal.aborted) return;
      const asked = { residentId, ...askedAt(ticker.nowMs(), turn), hasFailed: !result.ok };
      setHeld((before) => {
        const known = before?.residentId === residentId ? before.metrics : [];
        return { ...asked, metrics: result.ok ? result.value.items.map(({ metric }) => metric) : known };
      });
    });
    return () => ended.abort();
  }, [api, ticker, residentId, fromMs, isReady, turn]);
  return mine;
}
