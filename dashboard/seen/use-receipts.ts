import { useEffect, useRef } from 'react';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import { newKey } from '../api/use-command.ts';
import { useServices } from '../console/services.ts';
import { Receipts } from './receipts.ts';

/** Sends the receipts of what was committed to the document. Use it after `useSound`, so that the sound has begun. */
export function useReceipts(incidents: readonly Incident[], isMuted: boolean): void {
  const { api, feed, ticker, player } = useServices();
  const receipts = useRef<Receipts | null>(null);
  useEffect(() => {
    receipts.current ??= new Receipts();
    const skewMs = ticker.nowMs() - Date.now();
    receipts.current.shown(incidents, {
      api,
      newKey,
      nowMs: ticker.nowMs,
      heardAt: (id) => (feed.view().heardAt.get(id) ?? Date.now()) + skewMs,
      isSounding: () => !isMuted && player.state() === 'running' && player.playing() !== null,
      nextFrame: document.hidden ? null : (run) => requestAnimationFrame(run),
    });
  }, [incidents, isMuted, api, feed, ticker, player]);
}
