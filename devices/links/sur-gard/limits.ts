export type SurGardLimits = {
  /** A receiver waits 4 s for its answer (MLR2E manual §9.2); what comes later would be taken for the answer to its next frame. */
  readonly answerWithinMs: number;
  /** So long after an unanswered copy the same line is that line once more: a receiver gives up after 4 attempts, 4 s apart. */
  readonly resentWithinMs: number;
  /** And so long after an answer: the receiver did not hear it. As the door's own rule for the same content (design §4 Identity). */
  readonly unheardWithinMs: number;
  /** A copy so soon after an answer crossed it on the line: half of the 4 s after which copies are sent. */
  readonly crossedWithinMs: number;
  /** No frame for so long: the line or the receiver is dead, though nobody unplugged it. Twice the 30 s between heartbeats. */
  readonly silentAfterMs: number;
  /** What one line may have waiting at the door: some 120 frames, of which a receiver sends one in 4 s. */
  readonly inFlightBytes: number;
  /** How long stop() waits for alarms at the door, so that their acknowledgements still go out. */
  readonly stopGraceMs: number;
};

/** Chosen, but for the receiver's own 4 s, 4 attempts and 30 s. */
export const SUR_GARD_LIMITS: SurGardLimits = {
  answerWithinMs: 3500,
  resentWithinMs: 30_000,
  unheardWithinMs: 5000,
  crossedWithinMs: 2000,
  silentAfterMs: 60_000,
  inFlightBytes: 128 * 1024,
  stopGraceMs: 2000,
};
