import { useCallback, useEffect, useState } from 'react';
import { useServices } from '../console/services.ts';
import type { FeedView } from '../feed/feed-store.ts';
import type { PlayerState } from '../sound/player.ts';

export type DutyHandle = {
  readonly isOn: boolean;
  /** A person has heard this window's sound, and the browser still lets it out. */
  readonly isSoundOk: boolean;
  /** Proven once in this window, whatever the browser does now. */
  readonly wasProven: boolean;
  readonly begin: () => void;
  readonly end: () => void;
};

/** Duty with proven sound. The proof is a person's word for this window and does not outlive a reload. */
export function useDuty(view: FeedView, player: PlayerState): DutyHandle {
  const { feed } = useServices();
  const [wasProven, setProven] = useState(false);
  const isSoundOk = wasProven && player === 'running';
  useEffect(() => {
    feed.tellDuty(null, isSoundOk);
  }, [feed, isSoundOk]);
  const begin = useCallback(() => {
    setProven(true);
    feed.tellDuty(true, true);
  }, [feed]);
  const end = useCallback(() => feed.tellDuty(false, false), [feed]);
  return { isOn: view.duty?.on === true, isSoundOk, wasProven, begin, end };
}
