import { AlarmLane } from '../alarm-lane.ts';
import { InFlight } from '../in-flight.ts';
import { LinkError } from '../link-error.ts';
import { openTcpPort, type TcpPort } from '../tcp/tcp-port.ts';
import { openUdpPort, type UdpPort } from '../udp/udp-port.ts';
import type { Dc09Counters } from './counters.ts';
import { FrameHandler } from './frame-handler.ts';
import { FrameStream } from './frame-stream.ts';
import type { Dc09Limits } from './limits.ts';
import type { Dc09LinkOptions } from './link-options.ts';

/** The receiver from one start to the next stop. */
export type RunningLink = {
  readonly port: number;
  readonly connections: () => number;
  readonly inFlightBytes: () => number;
  readonly stop: () => Promise<void>;
};

/** How many free numbers are tried until one is free for TCP and UDP alike. Chosen. */
const FREE_PORT_TRIES = 10;

/** Listens over TCP and UDP on one port number. Rejects with LinkError. */
export async function runLink(
  options: Dc09LinkOptions,
  limits: Dc09Limits,
  counters: Dc09Counters,
): Promise<RunningLink> {
  const { name, logger } = options;
  const inFlight = new InFlight(limits);
  const lane = new AlarmLane(options.door, inFlight, counters, logger);
  const handler = new FrameHandler({ ...options, lane, counters });

  const openTcp = (): Promise<TcpPort> =>
    openTcpPort({
      ...{ host: options.host, port: options.port, name, limits, inFlight, counters, logger },
      open: (connection) => {
        const { peer, account } = connection;
        const origin = { peer, account, answer: (bytes: Uint8Array) => connection.write(bytes) };
        const stream = new FrameStream(counters, (frame) => {
          if (handler.take(frame, origin)) connection.heard();
        });
        return { take: (chunk) => stream.push(chunk), end: () => stream.end() };
      },
    });
  const openUdp = (address: string, port: number): Promise<UdpPort> =>
    openUdpPort({
      ...{ address, port, name, inFlight, counters, logger },
      // One frame a datagram (DC-09 §5.3); several are taken as well, half a one is none.
      take: (datagram) => {
        const stream = new FrameStream(counters, (frame) => void handler.take(frame, datagram));
        stream.push(datagram.bytes);
        stream.end();
      },
    });

  /** A free number of TCP may be taken for UDP: then it is another. */
  async function openBoth(triesLeft: number): Promise<{ readonly tcp: TcpPort; readonly udp: UdpPort }> {
    const tcp = await openTcp();
    try {
      return { tcp, udp: await openUdp(tcp.address, tcp.port) };
    } catch (error) {
      await tcp.close();
      const mayBeAnother = options.port === 0 && error instanceof LinkError && error.code === 'port-in-use';
      if (!mayBeAnother || triesLeft === 0) throw error;
      return openBoth(triesLeft - 1);
    }
  }

  const { tcp, udp } = await openBoth(FREE_PORT_TRIES);
  return {
    port: tcp.port,
    connections: tcp.connections,
    inFlightBytes: () => inFlight.totalBytes,
    stop: async () => {
      tcp.refuse();
      udp.refuse();
      await lane.stop(limits.stopGraceMs);
      await Promise.all([tcp.close(), udp.close()]);
    },
  };
}
