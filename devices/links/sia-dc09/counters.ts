import type { TcpCounters } from '../tcp/tcp-port.ts';
import type { UdpCounters } from '../udp/udp-port.ts';

/** What the receiver did since it was made. All of it only grows. */
export type Dc09Counters = TcpCounters &
  UdpCounters & {
    /** Frames whose CRC was right. */
    frames: number;
    alarms: number;
    heartbeats: number;
    acked: number;
    /** Answered with our time: strict mode alone. */
    timeTold: number;
    /** Alarms that nothing kept: not acknowledged. */
    alarmsNotDurable: number;
    /** Bytes that belong to no frame, and frames cut off because they were too long. */
    garbageBytes: number;
    overLong: number;
    wrongCrc: number;
    badHeader: number;
    /** CRC right, LEN wrong: taken. */
    wrongLength: number;
    wrongTime: number;
    unknownCodes: number;
    notDecrypted: number;
    /** From an account that has a key: taken, unverified. */
    inClear: number;
    /** Answers of a receiver, which a receiver does not get. */
    replies: number;
    registerFaults: number;
  };

export function createDc09Counters(): Dc09Counters {
  return {
    accepted: 0,
    refusedConnections: 0,
    cut: 0,
    datagrams: 0,
    datagramsDropped: 0,
    frames: 0,
    alarms: 0,
    heartbeats: 0,
    acked: 0,
    timeTold: 0,
    alarmsNotDurable: 0,
    garbageBytes: 0,
    overLong: 0,
    wrongCrc: 0,
    badHeader: 0,
    wrongLength: 0,
    wrongTime: 0,
    unknownCodes: 0,
    notDecrypted: 0,
    inClear: 0,
    replies: 0,
    registerFaults: 0,
  };
}
