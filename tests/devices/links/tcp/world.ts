import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { InFlight } from '../../../../devices/links/in-flight.ts';
import type { TcpConnection } from '../../../../devices/links/tcp/connection.ts';
import { DEFAULT_TCP_LIMITS, type TcpLimits } from '../../../../devices/links/tcp/limits.ts';
import { openTcpPort, type TcpCounters, type TcpPort } from '../../../../devices/links/tcp/tcp-port.ts';
import { until } from '../../../harness/until.ts';

/** What the port let in, in order, with all that came over it as text. A line feed ends a frame. */
export type Seen = { readonly connection: TcpConnection; text: string; hasEnded: boolean };

export type World = {
  readonly tcp: TcpPort;
  readonly counters: TcpCounters;
  readonly inFlight: InFlight;
  readonly seen: Seen[];
};

/** A real port on the loopback for a protocol in which each byte `\n` ends a frame and nothing is answered by itself. */
export async function openWorld(limits: Partial<TcpLimits> = {}, inFlightBytes = 64 * 1024): Promise<World> {
  const counters = { accepted: 0, refusedConnections: 0, cut: 0 };
  const inFlight = new InFlight({ inFlightBytesPerConnection: inFlightBytes, inFlightBytes: 16 * inFlightBytes });
  const seen: Seen[] = [];
  const tcp = await openTcpPort({
    ...{ host: '127.0.0.1', port: 0, name: 'test', inFlight, counters, logger: pino({ level: 'silent' }) },
    limits: { ...DEFAULT_TCP_LIMITS, ...limits },
    open: (connection) => {
      const one: Seen = { connection, text: '', hasEnded: false };
      seen.push(one);
      return {
        take: (chunk) => {
          one.text += Buffer.from(chunk).toString('latin1');
          if (chunk.includes(0x0a)) connection.heard();
        },
        end: () => {
          one.hasEnded = true;
        },
      };
    },
  });
  onTestFinished(() => tcp.close());
  return { tcp, counters, inFlight, seen };
}

/** A client from one of the loopback's addresses. */
export async function dial(port: number, from = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from, allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

export function soon<T>(condition: () => T | Promise<T>, what: string) {
  return until(condition, { timeoutMs: 30_000, what, everyMs: 2 });
}
