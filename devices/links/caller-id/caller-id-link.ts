import type { Logger } from 'pino';
import { decodeBoxLine } from '../../../protocols/caller-id/decode-box.ts';
import { decodeModemLine } from '../../../protocols/caller-id/decode-modem.ts';
import { LineFramer } from '../../../protocols/caller-id/framer.ts';
import type { CallerIdMessage, DecodeLine } from '../../../protocols/caller-id/message.ts';
import { describeMessage } from '../../meaning/describe-message.ts';
import { AlarmLane } from '../alarm-lane.ts';
import { InFlight } from '../in-flight.ts';
import type { AlarmDoor, ContactSink, FrameTrace, LinkClock, NumberBook, ReceiverCounts } from '../ports.ts';
import type { PortOptions } from '../serial/open-port.ts';
import { createSerialLine, type LineHealth } from '../serial/serial-line.ts';
import { tellSafely } from '../tell-safely.ts';
import { createCallLane } from './call-lane.ts';
import { dueAt, IDLE_LINE, type LineEvent, type LineState, trackCall } from './call-tracker.ts';
import { LineRecord } from './line-record.ts';
import { type ModemEvent, type ModemState, modemDueAt, setUpFor, watchModem } from './modem-watch.ts';

/** `modem`: speaks AT commands and is asked whether it is there; `box`: only speaks. */
export type CallerIdDialect = 'modem' | 'box';

export type CallerIdLinkOptions = {
  /** Of the port in the settings. */
  readonly name: string;
  readonly dialect: CallerIdDialect;
  /** Where the modem is: code of ITU-T T.35 in hexadecimal; null: as it is. */
  readonly country?: string | null;
  readonly port: PortOptions;
  readonly book: NumberBook;
  readonly door: AlarmDoor;
  readonly contacts: Pick<ContactSink, 'heard'>;
  readonly trace?: FrameTrace;
  readonly clock: LinkClock;
  readonly logger: Logger;
};

export type CallerIdLink = {
  readonly name: string;
  /** Resolves after the first attempt to open the port. Twice is once. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly health: () => LineHealth;
  readonly counts: () => ReceiverCounts;
};

const DECODERS: Readonly<Record<CallerIdDialect, DecodeLine>> = { modem: decodeModemLine, box: decodeBoxLine };

/** A line that has said so much and nothing that we know speaks another dialect, or at another speed. Chosen. */
const UNREADABLE_LINES = 20;

/** One line has one call at a time: these bounds are never met unless nothing is kept for hours. Chosen. */
const BOUNDS = { inFlightBytesPerConnection: 1024 * 1024, inFlightBytes: 1024 * 1024 };
const STOP_GRACE_MS = 3000;

/** A timer that is so late was held up, and bytes with it; so long they are given to be read. Chosen. */
const STOOD_STILL_MS = 100;
const READ_FIRST_MS = 50;

const TEXT = new TextEncoder();

/** A telephone line whose modem or box tells who rings: bytes → lines → calls → alarms. */
export function createCallerIdLink(options: CallerIdLinkOptions): CallerIdLink {
  const { name, dialect, port, door, trace, clock, logger } = options;
  const counters = { alarmsNotDurable: 0, read: 0, unreadable: 0 };
  const alarmLane = new AlarmLane(traced(door), new InFlight(BOUNDS), counters, logger);
  const lane = createCallLane({ ...options, lane: alarmLane });
  const setUp = setUpFor(options.country ?? null);
  const framer = new LineFramer();
  const record = new LineRecord();
  let call: LineState = IDLE_LINE;
  let modem: ModemState = { phase: 'closed' };
  let modemFault: string | null = null;
  let dueTimer: NodeJS.Timeout | null = null;

  const line = createSerialLine({
    ...port,
    ...{ name, logger },
    onBytes: (bytes) => {
      for (const frame of framer.push(bytes)) take(frame);
    },
    onState: (state, code) => {
      framer.reset();
      if (state === 'closed') happen({ kind: code === 'stopped' ? 'stopped' : 'lost' });
      look(state === 'open' ? 'opened' : 'closed');
    },
  });

  function take(frame: Uint8Array): void {
    const message = DECODERS[dialect](frame);
    if (message === null) counters.unreadable += 1;
    else counters.read += 1;
    if (message === null) {
      tellSafely(name, logger, () => trace?.frame({ ...inFrame(frame), deviceId: null, meaning: 'not understood' }));
    } else if (message.kind === 'result') {
      look(message.isOk ? 'ok' : 'error');
    } else {
      record.add(frame, call.call === null || call.call.isAnswered);
      const event = eventOf(message);
      if (event !== null) happen(event);
    }
  }

  function happen(event: LineEvent): void {
    const tracked = trackCall(call, event, clock.monoMs());
    call = tracked.state;
    for (const news of tracked.news) lane.tell(news, record.bytes());
    waitForDue();
  }

  function look(event: ModemEvent): void {
    if (dialect !== 'modem') return;
    const { state, send } = watchModem(setUp, modem, event, clock.monoMs(), call.call !== null);
    if (state.phase === 'failed') noteFault(state.why);
    if (state.phase === 'ready') noteFault(null);
    modem = state;
    if (send !== null) {
      // What is not taken is not answered, and that is noticed.
      line.write(TEXT.encode(`${send}\r`)).catch((error: unknown) => {
        logger.warn({ err: error, line: name }, 'modem could not be written to');
      });
    }
    waitForDue();
  }

  function noteFault(fault: string | null): void {
    if (fault === modemFault) return;
    modemFault = fault;
    if (fault === null) logger.info({ line: name }, 'modem tells the numbers of callers');
    else logger.warn({ line: name, code: fault }, 'modem does not do what it is asked, it is tried again');
  }

  function waitForDue(): void {
    const dues = [dueAt(call), modemDueAt(modem)].filter((due) => due !== null);
    if (dues.length === 0) stopWaiting();
    else wait(Math.max(0, Math.min(...dues) - clock.monoMs()));
  }

  function wait(ms: number, isSecond = false): void {
    stopWaiting();
    const untilMs = clock.monoMs() + ms;
    dueTimer = setTimeout(() => {
      // Everything stood still: what is waited for may have come meanwhile, and is read before it is missed. Once.
      if (!isSecond && clock.monoMs() - untilMs > STOOD_STILL_MS) return wait(READ_FIRST_MS, true);
      happen({ kind: 'tick' });
      look('tick');
    }, ms);
  }

  function stopWaiting(): void {
    if (dueTimer !== null) clearTimeout(dueTimer);
    dueTimer = null;
  }

  /** What became an alarm or a note is kept as one frame. */
  function traced(inner: AlarmDoor): AlarmDoor {
    if (trace === undefined) return inner;
    return {
      accept: async (arrival) => {
        const event = await inner.accept(arrival);
        const { deviceId, message, standing, raw } = arrival;
        const meaning = describeMessage(message, standing);
        tellSafely(name, logger, () => trace.frame({ ...inFrame(raw), deviceId, meaning, eventIds: [event.id] }));
        return event;
      },
    };
  }

  function inFrame(raw: Uint8Array) {
    return { link: name, peer: port.path, direction: 'in', raw, isSignOfLife: false } as const;
  }

  return {
    name,
    start: () => line.start(),
    stop: async () => {
      await line.stop();
      stopWaiting();
      await alarmLane.stop(STOP_GRACE_MS);
    },
    health: () => {
      const { status, detail } = line.health();
      if (status !== 'ok') return { status, detail };
      if (modemFault !== null) return { status: 'degraded', detail: `${detail}: ${modemFault}` };
      const { read, unreadable } = counters;
      const isForeign = read === 0 && unreadable >= UNREADABLE_LINES;
      const phase = dialect === 'modem' ? `, ${modem.phase}` : '';
      const lines = `${unreadable} lines not understood, ${framer.counters.overlongLines} too long`;
      return { status: isForeign ? 'degraded' : 'ok', detail: `${detail}${phase}, ${lines}` };
    },
    counts: () => ({ frames: counters.read, unreadable: counters.unreadable, notDurable: counters.alarmsNotDurable }),
  };
}

/** Null: it tells something of a call that nothing waits for, as its date. */
function eventOf(message: Exclude<CallerIdMessage, { readonly kind: 'result' }>): LineEvent | null {
  if (message.kind !== 'caller') return message;
  return message.number === undefined ? null : { kind: 'number', number: message.number };
}
