/** Bounds of the MQTT link. All chosen; design §7 asks for bounds on connections, packet size and idle time. */
export type MqttLimits = {
  readonly connections: number;
  /** High enough for a town behind one address translator. */
  readonly connectionsPerAddress: number;
  /** From accept to a complete CONNECT. */
  readonly connectTimeoutMs: number;
  /** From the first byte of a packet to its last; 64 KiB take 55 s at 1.2 kB/s. */
  readonly packetTimeoutMs: number;
  /** What one connection may have waiting at the door before it is read no further. */
  readonly inFlightBytesPerConnection: number;
  readonly inFlightBytes: number;
  /** What of vital signs may be on its way to the disk; beyond it they are dropped, and the connection is read on. */
  readonly vitalsBytesPerConnection: number;
  readonly vitalsBytes: number;
  /** What a connection that does not read may have waiting for it before it is cut. */
  readonly outgoingBytesPerConnection: number;
  /** Persistent sessions (clean session 0), kept for feedback to devices that are away. */
  readonly sessions: number;
  readonly sessionsPerDevice: number;
  readonly queuedPerSession: number;
  readonly queued: number;
  /** How long stop() waits for alarms at the door, so that their acknowledgements still go out. */
  readonly stopGraceMs: number;
};

export const DEFAULT_LIMITS: MqttLimits = {
  connections: 20_000,
  connectionsPerAddress: 10_000,
  connectTimeoutMs: 30_000,
  packetTimeoutMs: 60_000,
  inFlightBytesPerConnection: 512 * 1024,
  inFlightBytes: 64 * 1024 * 1024,
  // What a watch stores up in a day out of reach, sent at once.
  vitalsBytesPerConnection: 2 * 1024 * 1024,
  vitalsBytes: 32 * 1024 * 1024,
  outgoingBytesPerConnection: 512 * 1024,
  sessions: 50_000,
  sessionsPerDevice: 4,
  queuedPerSession: 50,
  queued: 100_000,
  stopGraceMs: 2_000,
};
