import { stat } from 'node:fs/promises';
import type { Logger } from 'pino';
import { settledWithin } from '../settled.ts';
import { writeFrameFormat } from './frame-format.ts';
import { openPort, type OpenPort, type PortOptions } from './open-port.ts';
import { SerialError, type SerialErrorCode } from './serial-error.ts';

/** Why a line is closed: an opening that failed, or `gone` (unplugged), `hung-up` (the driver gave it up), `stopped`. */
export type ClosedCode = SerialErrorCode | 'gone' | 'hung-up' | 'stopped';

export type SerialLineOptions = PortOptions & {
  /** Of the port in the settings; in logs. */
  readonly name: string;
  /** Each chunk as it was read, in order; nothing is kept here. Must not throw. */
  readonly onBytes: (bytes: Uint8Array) => void;
  /**
   * `open` before the first byte; `closed` after the last one: what was half a frame is one no more. Called on change alone.
   */
  readonly onState: (state: 'open' | 'closed', code: ClosedCode | null) => void;
  readonly logger: Logger;
  readonly limits?: Partial<SerialLimits>;
};

export type SerialLimits = {
  /** How often it is looked whether the port is there: a pulled cable often tells nobody. */
  readonly lookEveryMs: number;
  /** What may wait to be written. */
  readonly queuedBytes: number;
  /** How long `start` and `stop` wait for an opening that is under way: a driver may never answer. */
  readonly graceMs: number;
};

/** Chosen. An SMS in PDU mode has up to 400 bytes with its command. */
export const SERIAL_LIMITS: SerialLimits = { lookEveryMs: 1000, queuedBytes: 4096, graceMs: 2000 };

export type LineHealth = { readonly status: 'ok' | 'degraded'; readonly detail: string };

export type SerialLine = {
  /** Resolves after the first attempt to open, whatever came of it, or 2 s. Twice is once. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** Resolves when the system has taken the bytes; in the order of the calls. Rejects with a `SerialError`. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  readonly isOpen: () => boolean;
  readonly health: () => LineHealth;
};

/** One serial port that is opened as soon as it is there, and again after it was unplugged, for as long as this runs. */
export function createSerialLine(options: SerialLineOptions): SerialLine {
  const { name, path, baudRate, onState, logger } = options;
  const limits = { ...SERIAL_LIMITS, ...options.limits };
  let port: OpenPort | null = null;
  /** Which node the path named when it was opened: a link may name another by now. */
  let opened = '';
  let code: ClosedCode = 'stopped';
  let queuedBytes = 0;
  let isRunning = false;
  let looking: Promise<void> | null = null;
  let lookTimer: NodeJS.Timeout | null = null;

  async function look(): Promise<void> {
    const node = await nodeOf(path);
    if (port !== null && node === opened) return;
    if (port !== null) await drop('gone');
    if (!isRunning) return;
    if (node === null) noteFailure('not-there');
    else await open(node);
  }

  async function open(node: string): Promise<void> {
    // Told apart by what was opened: an older one may still have a word to say.
    let mine: OpenPort | null = null;
    const isMine = (): boolean => mine !== null && mine === port;
    try {
      mine = await openPort(options, {
        onBytes: (bytes) => {
          if (isMine()) options.onBytes(bytes);
        },
        onClosed: () => {
          if (isMine()) closed('hung-up');
        },
      });
    } catch (error) {
      return noteFailure(error instanceof SerialError ? error.code : 'open-failed');
    }
    if (!isRunning) return mine.close();
    // Nothing is waited for between the opening and here: the first bytes find `port` set.
    [port, opened] = [mine, node];
    logger.info({ line: name, path, baudRate, frame: writeFrameFormat(options) }, 'serial line open');
    onState('open', null);
  }

  async function drop(why: ClosedCode): Promise<void> {
    const dropping = port;
    closed(why);
    await dropping?.close();
  }

  function closed(why: ClosedCode): void {
    if (port === null) return;
    [port, code] = [null, why];
    if (why === 'stopped') logger.info({ line: name, path }, 'serial line closed');
    else logger.warn({ line: name, path, code }, 'serial line lost, it is opened again when it is there');
    onState('closed', why);
  }

  /** Tried for as long as this runs: only what is new is told. */
  function noteFailure(why: ClosedCode): void {
    if (why === code) return;
    code = why;
    logger.warn({ line: name, path, code }, 'serial line does not open, it is tried again');
  }

  async function lookAndGoOn(): Promise<void> {
    try {
      await look();
    } catch (error) {
      logger.error({ err: error, line: name, path }, 'serial line could not be looked after');
    }
    if (isRunning) lookTimer = setTimeout(() => void begin(), limits.lookEveryMs);
  }

  function begin(): Promise<void> {
    looking = lookAndGoOn();
    return looking;
  }

  async function write(bytes: Uint8Array): Promise<void> {
    if (port === null) throw new SerialError('closed', `${path} is not open`);
    if (queuedBytes + bytes.length > limits.queuedBytes) {
      throw new SerialError('queue-full', `${path} takes nothing: ${queuedBytes} bytes wait`);
    }
    queuedBytes += bytes.length;
    try {
      await port.write(bytes);
    } finally {
      queuedBytes -= bytes.length;
    }
  }

  return {
    start: async () => {
      if (isRunning) return;
      isRunning = true;
      await settledWithin(limits.graceMs, [begin()]);
    },
    stop: async () => {
      isRunning = false;
      if (lookTimer !== null) clearTimeout(lookTimer);
      lookTimer = null;
      if (looking !== null) await settledWithin(limits.graceMs, [looking]);
      await drop('stopped');
      code = 'stopped';
    },
    write,
    isOpen: () => port !== null,
    health: () =>
      port === null
        ? { status: 'degraded', detail: `${path}: ${code}` }
        : { status: 'ok', detail: `${path}, ${baudRate} ${writeFrameFormat(options)}` },
  };
}

/** What names the node behind a path, through links; null where there is none, or none that may be seen. */
async function nodeOf(path: string): Promise<string | null> {
  try {
    const { dev, ino, rdev } = await stat(path);
    return `${dev}:${ino}:${rdev}`;
  } catch {
    return null;
  }
}
