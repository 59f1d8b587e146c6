import { DEFAULT_TCP_LIMITS, type TcpLimits } from '../tcp/limits.ts';

/** Bounds of the receiver, over TCP and UDP together. All chosen. */
export type Dc09Limits = TcpLimits & {
  /** What one connection, or one peer over UDP, may have waiting at the door before it is read no further. */
  readonly inFlightBytesPerConnection: number;
  readonly inFlightBytes: number;
  /** How long stop() waits for alarms at the door, so that their acknowledgements still go out. */
  readonly stopGraceMs: number;
};

export const DEFAULT_DC09_LIMITS: Dc09Limits = {
  ...DEFAULT_TCP_LIMITS,
  inFlightBytesPerConnection: 128 * 1024,
  inFlightBytes: 16 * 1024 * 1024,
  stopGraceMs: 2_000,
};
