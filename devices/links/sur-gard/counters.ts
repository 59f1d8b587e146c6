/** What the link did since it was made. All of it only grows. */
export type SurGardCounters = {
  frames: number;
  heartbeats: number;
  alarms: number;
  /** The same line once more, because it was not answered or the answer was not heard. */
  resent: number;
  acked: number;
  /** Durable, but the receiver waited for something else by then: it sends again. */
  tooLate: number;
  /** Alarms that nothing kept: not acknowledged. */
  alarmsNotDurable: number;
  /** Not handed to the door, because too much of this line waits there: not acknowledged. */
  notTaken: number;
  /** Frames that nobody could read, by what was wrong. */
  unread: number;
  wrongParity: number;
  /** Bytes that belong to no frame. */
  noiseBytes: number;
  overLong: number;
  unknownCodes: number;
  registerFaults: number;
};

export function createSurGardCounters(): SurGardCounters {
  return {
    frames: 0,
    heartbeats: 0,
    alarms: 0,
    resent: 0,
    acked: 0,
    tooLate: 0,
    alarmsNotDurable: 0,
    notTaken: 0,
    unread: 0,
    wrongParity: 0,
    noiseBytes: 0,
    overLong: 0,
    unknownCodes: 0,
    registerFaults: 0,
  };
}
