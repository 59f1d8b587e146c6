import { useState, useSyncExternalStore } from 'react';
import { useServices } from './services.ts';

export const MINUTE_MS = 60_000;

/** How many whole spans of `everyMs` the gateway's clock has behind it: another number, and another rendering, once in each. */
export function useTicks(everyMs: number): number {
  const { ticker } = useServices();
  return useSyncExternalStore(ticker.subscribe, () => Math.floor(ticker.shownMs() / everyMs));
}

/** The minute in which the window was last seen: nothing is read anew for a window that nobody looks at. */
export function useSeenMinute(): number {
  const minute = useTicks(MINUTE_MS);
  const [seenMinute, setSeenMinute] = useState(minute);
  if (seenMinute !== minute && !document.hidden) setSeenMinute(minute);
  return seenMinute;
}
