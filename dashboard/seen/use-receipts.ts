import { useEffect, useRef } from 'react';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import { newKey } from '../api/use-command.ts';
import { useServices } from '../console/services.ts';
import { listSounding, type SoundDecision } from '../sound/decide.ts';
import { Receipts } from './receipts.ts';

/** Sends the receipts of what was committed to the document. Use it after `useSound`, so that the sound has begun. */
export function useReceipts(incidents: readonly Incident[], decision: SoundDecision): void {
  const { api, feed, ticker, player } = useServices();
  const receipts = useRef<Receipts | null>(null);
  useEffect(() => {
    receipts.current ??= new Receipts();
    const sounding = listSounding(decision);
    const skewMs = ticker.nowMs() - Date.now();
    receipts.current.shown(incidents, {
      api,
      newKey,
      nowMs: ticker.nowMs,
      heardAt: (id) => (feed.view().heardAt.get(id) ?? Date.now()) + skewMs,
      isSounding: (id) => sounding.has(id) && player.state() === 'running' && player.playing() === decision.pattern,
      nextFrame: document.hidden ? null : (run) => requestAnimationFrame(run),
    });
    // What sounds is taken as it is when a ring is first shown; that it changes is no new ring.
  }, [incidents, api, feed, ticker, player]);
}
