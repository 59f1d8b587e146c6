import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { decodeDc09 } from '../../protocols/sia-dc09/decode.ts';
import { encodeDc09Event, type Dc09Secrecy } from '../../protocols/sia-dc09/encode.ts';
import { Dc09Framer } from '../../protocols/sia-dc09/framer.ts';
import type { CrcStyle, Dc09Message } from '../../protocols/sia-dc09/message.ts';

export type Dc09PanelOptions = {
  readonly host: string;
  readonly port: number;
  readonly transport?: 'tcp' | 'udp';
  readonly account: string;
  /** R and L of its frames. */
  readonly receiver?: string;
  readonly line?: string;
  /** With it everything is encrypted. */
  readonly secrecy?: Dc09Secrecy;
  readonly crcStyle?: CrcStyle;
  readonly clock: { readonly nowMs: () => number };
  readonly timing?: Partial<Dc09PanelTiming>;
};

export type Dc09PanelTiming = {
  /** Without an answer for so long the same frame is sent again. */
  readonly retryMs: number;
};

/** Panels of the field wait 5 to 20 s; chosen. */
const DEFAULT_TIMING: Dc09PanelTiming = { retryMs: 5_000 };

/** What a panel is told to get wrong. */
export type Dc09Mistakes = {
  /** The CRC of every try is wrong. */
  readonly badCrc?: boolean;
  /** Its clock is off by so much, until a NAK sets it right. */
  readonly clockOffMs?: number;
  /** Sends this number instead of its next, as after a restart of its counter. */
  readonly sequence?: number;
};

export type Dc09Answer = {
  /** What ended the sending: `ACK`, or another token that is no NAK. */
  readonly token: string;
  readonly sequence: number;
  readonly isEncrypted: boolean;
  readonly tries: number;
  /** NAKs that it got before, each with the receiver's time. */
  readonly timesTold: number;
};

export type Dc09Panel = {
  readonly account: string;
  /**
   * Sends one event until it is acknowledged, under one number: over a new connection where the one before has ended. `data` as in the
   * frame, without the account: `Nri1/PA01` (SIA-DCS), `1120 01 001` (ADM-CID). Rejects when the panel is stopped before.
   */
  readonly send: (token: string, data: string, mistakes?: Dc09Mistakes) => Promise<Dc09Answer>;
  /** A personal emergency of zone 1, in SIA. */
  readonly press: (mistakes?: Dc09Mistakes) => Promise<Dc09Answer>;
  /** NULL: the line is alive. */
  readonly poll: (mistakes?: Dc09Mistakes) => Promise<Dc09Answer>;
  /** Bytes as they are, without waiting for anything. */
  readonly raw: (bytes: Uint8Array) => Promise<void>;
  /** Cuts the connection; the next frame opens another. */
  readonly cut: () => void;
  readonly stop: () => Promise<void>;
};

type Wire = { readonly send: (bytes: Uint8Array) => void; readonly close: () => void; readonly isOpen: () => boolean };

/** A panel that does not exist, speaking DC-09 over a real socket, as a good panel does; one frame at a time. */
export function createDc09Panel(options: Dc09PanelOptions): Dc09Panel {
  const { account, secrecy, clock, transport = 'tcp' } = options;
  const { retryMs } = { ...DEFAULT_TIMING, ...options.timing };
  const stopped = new AbortController();
  const listeners = new Set<(message: Dc09Message) => void>();
  let wire: Promise<Wire> | undefined;
  let sequence = 0;
  let sending: Promise<unknown> = Promise.resolve();

  function hear(framer: Dc09Framer, bytes: Uint8Array): void {
    for (const piece of framer.push(bytes)) {
      if (piece.kind !== 'frame') continue;
      const decoded = decodeDc09(piece.bytes, { cipherFor: () => secrecy?.cipher ?? null });
      if (decoded.ok) for (const listener of listeners) listener(decoded.message);
    }
  }

  async function openWire(): Promise<Wire> {
    // One that could not be opened is opened anew.
    const known = await wire?.catch(() => undefined);
    if (known?.isOpen() === true) return known;
    wire = transport === 'tcp' ? openTcp(options, hear) : openUdp(options, hear);
    return wire;
  }

  async function deliver(token: string, data: string, mistakes: Dc09Mistakes): Promise<Dc09Answer> {
    const own = token === 'NULL' ? 0 : (mistakes.sequence ?? nextSequence());
    let offMs = mistakes.clockOffMs ?? 0;
    let timesTold = 0;
    for (let tries = 1; ; tries += 1) {
      stopped.signal.throwIfAborted();
      const at = clock.nowMs() + offMs;
      const payload = data === '' ? '' : `#${account}|${data}`;
      const frame = encodeDc09Event(
        {
          ...{ token, sequence: own, account, data: payload, xdata: [], crcStyle: options.crcStyle ?? 'hex' },
          ...(options.receiver === undefined ? {} : { receiver: options.receiver }),
          line: options.line ?? '0',
          ...(secrecy === undefined && offMs === 0 ? {} : { at }),
        },
        secrecy,
      );
      const heard = await ask(mistakes.badCrc === true ? spoil(frame) : frame, token, own);
      if (heard === null) continue;
      if (heard.token !== 'NAK') {
        return { token: heard.token, sequence: heard.sequence, isEncrypted: heard.isEncrypted, tries, timesTold };
      }
      timesTold += 1;
      // Told the time, it sets its clock and says the same again under the same number.
      if (heard.at !== undefined) offMs = heard.at - clock.nowMs();
    }
  }

  function nextSequence(): number {
    sequence = (sequence % 9999) + 1;
    return sequence;
  }

  /** The answer to one try, or null when none came in time. */
  async function ask(frame: Uint8Array, token: string, own: number): Promise<Dc09Message | null> {
    const { promise, resolve } = Promise.withResolvers<Dc09Message | null>();
    const listener = (message: Dc09Message): void => {
      if (message.token === 'NAK' || message.sequence === own) resolve(message);
    };
    const onStop = (): void => resolve(null);
    listeners.add(listener);
    stopped.signal.addEventListener('abort', onStop);
    const retryTimer = setTimeout(() => resolve(null), retryMs);
    try {
      (await openWire()).send(frame);
      return await promise;
    } catch (error) {
      // No connection: it tries again when it would have sent again.
      if (!(error instanceof Error)) throw error;
      return await promise;
    } finally {
      clearTimeout(retryTimer);
      listeners.delete(listener);
      stopped.signal.removeEventListener('abort', onStop);
    }
  }

  function send(token: string, data: string, mistakes: Dc09Mistakes = {}): Promise<Dc09Answer> {
    const answer = sending.then(() => deliver(token, data, mistakes));
    // Whoever sent it is told; the next frame goes all the same.
    sending = answer.catch(() => undefined);
    return answer;
  }

  return {
    account,
    send,
    press: (mistakes) => send('SIA-DCS', 'Nri1/QA01', mistakes),
    poll: (mistakes) => send('NULL', '', mistakes),
    raw: async (bytes) => (await openWire()).send(bytes),
    cut: () => {
      wire?.then(
        (open) => open.close(),
        // It never opened: there is nothing to cut.
        () => undefined,
      );
      wire = undefined;
    },
    stop: async () => {
      stopped.abort(new Error(`Panel ${account} was stopped`));
      await sending;
      // What never opened needs no closing.
      (await wire?.catch(() => undefined))?.close();
      wire = undefined;
    },
  };
}

/** One letter of what is said becomes another; the CRC stands as it was. */
function spoil(frame: Uint8Array): Uint8Array {
  const spoilt = frame.slice();
  spoilt[spoilt.length - 2] = (spoilt.at(-2) ?? 0) ^ 1;
  return spoilt;
}

type Hear = (framer: Dc09Framer, bytes: Uint8Array) => void;

async function openTcp({ host, port }: Dc09PanelOptions, hear: Hear): Promise<Wire> {
  const socket: Socket = connect({ host, port });
  const framer = new Dc09Framer();
  socket.on('data', (bytes: Buffer) => hear(framer, bytes));
  await once(socket, 'connect');
  // What becomes of a connection is seen when nothing is answered any more.
  socket.on('error', () => socket.destroy());
  return {
    send: (bytes) => void socket.write(bytes),
    close: () => void socket.destroy(),
    isOpen: () => socket.writable && !socket.readableEnded,
  };
}

async function openUdp({ host, port }: Dc09PanelOptions, hear: Hear): Promise<Wire> {
  const socket: UdpSocket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (bytes: Buffer) => hear(new Dc09Framer(), bytes));
  socket.bind(0);
  await once(socket, 'listening');
  let isOpen = true;
  return {
    // What is lost is sent again.
    send: (bytes) => socket.send(bytes, port, host, () => undefined),
    close: () => {
      if (isOpen) socket.close();
      isOpen = false;
    },
    isOpen: () => isOpen,
  };
}
