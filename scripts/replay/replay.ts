import { setTimeout as delay } from 'node:timers/promises';
import type { CapturedFrame } from './read-capture.ts';
import type { Sender } from './sender.ts';

export type Replayed = { readonly frame: CapturedFrame; readonly answer: string | null };

/** No longer than that between two frames, so that a capture of a week ends within a day's work; chosen. */
export const MAX_PAUSE_MS = 60_000;

/** Milliseconds to wait before each frame, at the pace in which they came. */
export function planPauses(frames: readonly CapturedFrame[], isFast: boolean): readonly number[] {
  return frames.map(({ atMs }, index) => {
    const before = frames[index - 1];
    if (before === undefined || isFast) return 0;
    return Math.min(MAX_PAUSE_MS, Math.max(0, atMs - before.atMs));
  });
}

/** Sends all of them, one after the other. Throws what sending throws. */
export async function replayFrames(options: {
  readonly frames: readonly CapturedFrame[];
  readonly sender: Sender;
  readonly isFast: boolean;
  readonly onSent: (replayed: Replayed) => void;
}): Promise<readonly Replayed[]> {
  const { frames, sender, isFast, onSent } = options;
  const pauses = planPauses(frames, isFast);
  const done: Replayed[] = [];
  for (const [index, frame] of frames.entries()) {
    await delay(pauses[index] ?? 0);
    const replayed = { frame, answer: await sender.send(frame) };
    done.push(replayed);
    onSent(replayed);
  }
  return done;
}
