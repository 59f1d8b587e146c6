import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import { useServices } from '../console/services.ts';
import { beginMute, decideSound, type Mute, type SoundDecision } from './decide.ts';
import type { Listener } from './rings-at.ts';
import type { PlayerState } from './player.ts';

export type Sound = {
  readonly decision: SoundDecision;
  /** Epoch milliseconds; null while not muted. */
  readonly mutedUntilMs: number | null;
  readonly player: PlayerState;
  readonly mute: () => void;
  readonly unmute: () => void;
};

/** Lets this console sound what it must; `isTesting` leaves the player to the sound test. */
export function useSound(
  incidents: readonly Incident[],
  listener: Listener,
  nowMs: number,
  isLost: boolean,
  isTesting: boolean,
): Sound {
  const { player } = useServices();
  const playerState = useSyncExternalStore(player.subscribe, player.state);
  const [mute, setMute] = useState<Mute | null>(null);
  const decision = decideSound({ incidents, listener, nowMs, mute, isLost });
  const { pattern } = decision;
  useEffect(() => {
    if (!isTesting) player.play(pattern);
  }, [player, pattern, isTesting]);
  useEffect(() => () => player.play(null), [player]);
  return {
    decision,
    mutedUntilMs: decision.isMuted ? (mute?.untilMs ?? null) : null,
    player: playerState,
    mute: () => setMute((held) => beginMute(decision, incidents, nowMs) ?? held),
    unmute: () => setMute(null),
  };
}
