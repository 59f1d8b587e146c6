/** Bounds of a port of an alarm protocol over TCP. All chosen; design §7 asks for bounds on connections, size and idle time. */
export type TcpLimits = {
  readonly connections: number;
  /** High enough for a town behind one address translator. */
  readonly connectionsPerAddress: number;
  /** From accept to the end of the first whole frame: 16 KiB take 14 s at 1.2 kB/s. */
  readonly firstFrameTimeoutMs: number;
  /** Between two whole frames. Twice the slowest supervision of a back-up path (15 min, EN 50136 practice). */
  readonly idleTimeoutMs: number;
  /** What a connection that does not read may have waiting for it before it is cut. */
  readonly outgoingBytesPerConnection: number;
  /** How long one that is cut is still heard out. */
  readonly lingerMs: number;
};

export const DEFAULT_TCP_LIMITS: TcpLimits = {
  connections: 5_000,
  connectionsPerAddress: 1_000,
  firstFrameTimeoutMs: 30_000,
  idleTimeoutMs: 30 * 60_000,
  outgoingBytesPerConnection: 64 * 1024,
  lingerMs: 2_000,
};
