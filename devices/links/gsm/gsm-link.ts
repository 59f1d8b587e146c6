import type { Logger } from 'pino';
import { AlarmLane } from '../alarm-lane.ts';
import { createCallLane } from '../caller-id/call-lane.ts';
import { InFlight } from '../in-flight.ts';
import type { AlarmDoor, LinkClock, ReceiverCounts } from '../ports.ts';
import type { PortOptions } from '../serial/open-port.ts';
import { createSerialLine, SERIAL_LIMITS, type LineHealth } from '../serial/serial-line.ts';
import { createGsmCalls } from './calls.ts';
import { Inbox } from './inbox.ts';
import { GSM_LIMITS, type GsmLimits } from './limits.ts';
import { createMessageLane, type MessageLaneOptions } from './message-lane.ts';
import { Modem } from './modem.ts';
import type { Receipt, TextMessage } from './outgoing.ts';
import { isRadioBad } from './radio.ts';
import { AWAY, SendQueue, type Sent } from './send-queue.ts';

export type GsmLinkOptions = Omit<MessageLaneOptions, 'path'> & {
  readonly port: PortOptions;
  /** Where the modem keeps messages (3GPP TS 27.005 §3.2.2): `SM` the card, `ME` itself. */
  readonly memory: string;
  readonly door: AlarmDoor;
  /** What became of a text that was sent. */
  readonly onReceipt: (receipt: Receipt) => void;
  readonly clock: LinkClock;
  readonly logger: Logger;
  readonly limits?: Partial<GsmLimits>;
  /** How often it is looked whether the port is there, milliseconds. */
  readonly lookForPortMs?: number;
};

export type GsmLink = {
  /** Resolves after the first attempt to open the port. Twice is once. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly health: () => LineHealth;
  /** Frames: messages, and lines that tell of calls. */
  readonly counts: () => ReceiverCounts;
  /** One attempt; never rejects. What comes in goes first. */
  readonly send: (message: TextMessage, signal: AbortSignal) => Promise<Sent>;
};

/** A card holds at most 255 messages: these bounds are for what waits for a disk, and never met by one modem. Chosen. */
const BOUNDS = { inFlightBytesPerConnection: 1024 * 1024, inFlightBytes: 1024 * 1024 };
const STOP_GRACE_MS = 3000;
const TICK_MS = 1000;

/** A GSM modem on a serial line: messages and calls in, messages out. */
export function createGsmLink(options: GsmLinkOptions): GsmLink {
  const { name, port, door, clock, logger } = options;
  const limits = { ...GSM_LIMITS, ...options.limits };
  const counters = { alarmsNotDurable: 0, read: 0, spoilt: 0 };
  const lane = new AlarmLane(door, new InFlight(BOUNDS), counters, logger);
  const calls = createGsmCalls(createCallLane({ ...options, lane }), clock.monoMs);
  const outgoing = new SendQueue(limits.outgoing, clock.monoMs, options.onReceipt);
  let modem: Modem | null = null;
  let tickTimer: NodeJS.Timeout | null = null;

  const inbox = new Inbox({
    handOver: createMessageLane({ ...options, path: port.path }, lane),
    onReport: (report) => outgoing.report(report),
    onDone: (slot) => modem?.delete(slot),
    onRefused: () => modem?.readAgain(),
    counters,
  });

  const line = createSerialLine({
    ...port,
    ...{ name, logger, limits: { lookEveryMs: options.lookForPortMs ?? SERIAL_LIMITS.lookEveryMs } },
    onBytes: (bytes) => modem?.receive(bytes),
    onState: (state, code) => {
      modem?.close();
      modem = null;
      if (state === 'open') begin();
      else {
        outgoing.abandon();
        calls.end(code === 'stopped' ? 'stopped' : 'lost');
      }
    },
  });

  function begin(): void {
    const mine = new Modem({
      ...{ name, inbox, outgoing, limits, logger, memory: options.memory, monoMs: clock.monoMs },
      write: (bytes) => line.write(bytes),
      onCall: (message) => {
        counters.read += 1;
        calls.hear(message);
      },
    });
    modem = mine;
    void mine.run();
  }

  return {
    start: async () => {
      tickTimer ??= setInterval(() => inbox.tick(clock.monoMs()), TICK_MS);
      await line.start();
    },
    stop: async () => {
      if (tickTimer !== null) clearInterval(tickTimer);
      tickTimer = null;
      await line.stop();
      calls.stop();
      await lane.stop(STOP_GRACE_MS);
    },
    health: () => {
      const { status, detail } = line.health();
      if (modem === null) return { status, detail };
      if (modem.fault !== null) return { status: 'degraded', detail: `${detail}: ${modem.fault}` };
      const { radio } = modem;
      if (isRadioBad(radio, clock.monoMs(), limits.badForMs)) {
        return { status: 'degraded', detail: `${detail}: ${radio.fault}` };
      }
      const { signal, storage } = radio.look ?? { signal: null, storage: null };
      const heard = signal === null ? 'signal unknown' : `signal ${signal} of 31`;
      const stored = `${storage?.used ?? '?'} of ${storage?.total ?? '?'} stored`;
      return { status, detail: `${detail}, ${heard}, ${stored}, ${modem.droppedLines} lines left out` };
    },
    counts: () => ({ frames: counters.read, unreadable: counters.spoilt, notDurable: counters.alarmsNotDurable }),
    send: async (message, signal) => {
      if (modem === null || modem.fault !== null) return AWAY;
      const sent = outgoing.add(message, signal);
      modem.nudge();
      return sent;
    },
  };
}
