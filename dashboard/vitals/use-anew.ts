import { useState } from 'react';
import { MINUTE_MS, useTicks } from '../console/use-ticks.ts';

/** Minutes until it is read anew: what is new comes by the feed and with the devices (chosen). */
const ANEW = { read: 60, failed: 1 } as const;

/** When something was asked for: in which minute, and as which attempt. */
export type Asked = { readonly minute: number; readonly turn: number };

export function askedAt(nowMs: number, turn: number): Asked {
  return { minute: Math.floor(nowMs / MINUTE_MS), turn };
}

/** Counts one attempt more whenever what is held is due anew and the window is seen; `held` is null while nothing was answered. */
export function useAnew(held: (Asked & { readonly hasFailed: boolean }) | null): Asked {
  const [turn, setTurn] = useState(0);
  const minute = useTicks(MINUTE_MS);
  const isDue = held !== null && minute - held.minute >= (held.hasFailed ? ANEW.failed : ANEW.read);
  if (isDue && held.turn === turn && !document.hidden) setTurn(turn + 1);
  return { minute, turn };
}
