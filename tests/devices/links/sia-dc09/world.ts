import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { asEventId, type AlarmEvent } from '../../../../devices/event.ts';
import { createSecrecy } from '../../../../devices/links/sia-dc09/aes-cipher.ts';
import { createDc09Link, type Dc09Link } from '../../../../devices/links/sia-dc09/dc09-link.ts';
import type { Dc09LinkOptions } from '../../../../devices/links/sia-dc09/link-options.ts';
import type { Arrival, Sender, TracedFrame } from '../../../../devices/links/ports.ts';
import { createDc09Panel, type Dc09Panel, type Dc09PanelOptions } from '../../../../devices/simulator/dc09-panel.ts';
import type { Dc09Secrecy } from '../../../../protocols/sia-dc09/encode.ts';
import { until } from '../../../harness/until.ts';

export const KEY = new TextEncoder().encode('AAAAAAAAAAAAAAAA');
export const NOW = Date.parse('2026-11-22T02:13:00Z');

/** Accounts that the test's register knows. */
const SENDERS: Readonly<Record<string, Sender>> = {
  '1234': { deviceId: 'panel-1', standing: 'verified', model: 'ip-dialer', key: null },
  '4F39': { deviceId: 'panel-2', standing: 'verified', model: 'ip-dialer', key: null },
  AAAB: { deviceId: 'panel-secret', standing: 'verified', model: 'ip-dialer-encrypted', key: KEY },
  DEAD: { deviceId: 'panel-retired', standing: 'retired', model: null, key: null },
};

export type World = {
  readonly link: Dc09Link;
  readonly port: number;
  /** Every alarm that came to the door, in order. */
  readonly arrivals: Arrival[];
  /** What the door does with the next alarms; by default it accepts at once. */
  door: (arrival: Arrival) => Promise<void>;
  readonly contacts: string[];
  readonly traced: TracedFrame[];
  readonly logLines: string[];
  readonly panel: (options?: Partial<Dc09PanelOptions>) => Dc09Panel;
  readonly raw: () => Promise<RawClient>;
};

/** A real receiver on a free port of the loopback, with a door that the test holds. */
export async function startWorld(overrides: Partial<Dc09LinkOptions> = {}): Promise<World> {
  const arrivals: Arrival[] = [];
  const contacts: string[] = [];
  const traced: TracedFrame[] = [];
  const logLines: string[] = [];
  const note = (what: string) => (deviceId: string, more: string) => void contacts.push(`${what} ${deviceId} ${more}`);
  const link = createDc09Link({
    ...{ name: 'dc09', host: '127.0.0.1', port: 0, isStrict: false },
    book: { accountOf: (receiver, account) => SENDERS[account] ?? strangerOf(`${receiver}-${account}`) },
    door: {
      accept: async (arrival) => {
        arrivals.push(arrival);
        await world.door(arrival);
        return eventOf(arrival, arrivals.length);
      },
    },
    contacts: {
      heard: note('heard'),
      connected: note('connected'),
      disconnected: note('disconnected'),
      dropped: note('dropped'),
    },
    trace: { frame: (frame) => void traced.push(frame) },
    logger: pino({ level: 'trace' }, { write: (line: string) => void logLines.push(line) }),
    clock: { nowMs: () => NOW },
    ...overrides,
    limits: { stopGraceMs: 50, ...overrides.limits },
  });
  onTestFinished(() => link.stop());
  const { port } = await link.start();
  const world: World = {
    ...{ link, port, arrivals, contacts, traced, logLines },
    door: () => Promise.resolve(),
    panel: (options = {}) => {
      const panel = createDc09Panel({
        ...{ host: '127.0.0.1', port, account: '1234', clock: { nowMs: () => NOW }, timing: { retryMs: 60_000 } },
        ...options,
      });
      onTestFinished(() => panel.stop());
      return panel;
    },
    raw: () => openRaw(port),
  };
  return world;
}

export function secrecyOf(key: Uint8Array): Dc09Secrecy {
  const secrecy = createSecrecy(key);
  if (secrecy === null) throw new Error('no AES key');
  return secrecy;
}

export function soon<T>(condition: () => T | Promise<T>, what: string) {
  return until(condition, { timeoutMs: 30_000, what, everyMs: 2 });
}

function strangerOf(deviceId: string): Sender {
  return { deviceId, standing: 'unregistered', model: null, key: null };
}

function eventOf(arrival: Arrival, count: number): AlarmEvent {
  const { deviceId, standing, source, message, raw } = arrival;
  const base = { deviceId, standing, source, message, raw: Buffer.from(raw).toString('base64') };
  return { ...base, id: asEventId(`event-${count}`), receivedAt: 0, gatewayId: 'test' };
}

/** A socket with nothing done for it. */
export type RawClient = {
  readonly socket: Socket;
  /** Sends as Latin-1, a frame between LF and CR. */
  readonly send: (frame: string) => void;
  /** All that was answered so far, as Latin-1. */
  readonly answers: () => string;
  readonly untilAnswered: (part: string) => Promise<unknown>;
};

async function openRaw(port: number): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  await once(socket, 'connect');
  return {
    socket,
    send: (frame) => void socket.write(Buffer.from(`\n${frame}\r`, 'latin1')),
    answers: () => text,
    untilAnswered: (part) => soon(() => text.includes(part), `an answer with ${part}`),
  };
}
