import type { Socket } from 'node:net';
import type { Account, InFlight } from '../in-flight.ts';
import type { TcpLimits } from './limits.ts';

/**
 * Why we end a connection. `room`: it was quiet the longest when another needed its place. `no-frame`: nothing whole came in time.
 * `idle`: nothing more came. `not-reading`: our answers pile up.
 */
export type CutReason = 'room' | 'no-frame' | 'idle' | 'not-reading';

/** What the protocol does with the bytes of one connection. */
export type ByteTaker = {
  readonly take: (chunk: Uint8Array) => void;
  /** Nothing more will come; what is half is half. */
  readonly end: () => void;
};

export type ConnectionHooks = {
  readonly onHeard: () => void;
  readonly onCut: (reason: CutReason) => void;
  readonly onGone: () => void;
};

/** What is taken of one connection in one turn, then the others: some 100 short frames. Chosen. */
const TURN_BYTES = 4 * 1024;

/**
 * One connection behind its bounds. It is read on only while what it has at the door is within bounds (`InFlight`), a piece a turn.
 * Whoever is cut is still heard out for a moment: a press may be on its way, and is taken without an answer.
 */
export class TcpConnection {
  /** `address:port`. */
  readonly peer: string;
  readonly account: Account = { bytes: 0 };
  readonly #socket: Socket;
  readonly #limits: TcpLimits;
  readonly #inFlight: InFlight;
  readonly #hooks: ConnectionHooks;
  #taker: ByteTaker | undefined;
  #unread: Uint8Array = new Uint8Array();
  #hasEnded = false;
  #hasHeard = false;
  #isCut = false;
  #quietTimer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, peer: string, limits: TcpLimits, inFlight: InFlight, hooks: ConnectionHooks) {
    this.#socket = socket;
    this.peer = peer;
    this.#limits = limits;
    this.#inFlight = inFlight;
    this.#hooks = hooks;
  }

  start(taker: ByteTaker): void {
    this.#taker = taker;
    const socket = this.#socket;
    socket.on('data', (chunk: Uint8Array) => {
      this.#unread = chunk;
      socket.pause();
      this.#readOn();
    });
    socket.on('end', () => {
      this.#hasEnded = true;
      taker.end();
      this.#endWhenAnswered();
    });
    // A close follows, and there is nothing else to be done about it.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      clearTimeout(this.#quietTimer);
      this.#inFlight.forget(this.#readOn);
      this.#inFlight.forget(this.#endWhenAnswered);
      this.#hooks.onGone();
    });
    this.#waitFor(this.#limits.firstFrameTimeoutMs);
  }

  /** A whole frame came. */
  heard(): void {
    if (this.#isCut) return;
    this.#hasHeard = true;
    this.#waitFor(this.#limits.idleTimeoutMs);
    this.#hooks.onHeard();
  }

  /** Without effect once the connection has ended. */
  write(bytes: Uint8Array): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    this.#socket.write(bytes);
    if (this.#socket.writableLength > this.#limits.outgoingBytesPerConnection) this.cut('not-reading');
  }

  /** No answer any more; what comes within a moment is still taken. */
  cut(reason: CutReason): void {
    if (this.#isCut) return;
    this.#isCut = true;
    this.#hooks.onCut(reason);
    this.#socket.end();
    clearTimeout(this.#quietTimer);
    this.#quietTimer = setTimeout(() => this.#socket.destroy(), this.#limits.lingerMs);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  readonly #readOn = (): void => {
    if (this.#socket.destroyed) return;
    if (!this.#inFlight.mayRead(this.account)) {
      this.#inFlight.whenRoom(this.#readOn);
      return;
    }
    const turn = this.#unread.subarray(0, TURN_BYTES);
    this.#unread = this.#unread.subarray(turn.length);
    this.#taker?.take(turn);
    if (this.#unread.length > 0) setImmediate(this.#readOn);
    else this.#socket.resume();
  };

  /** Its sender has said all it will say and may still wait for its answers. */
  readonly #endWhenAnswered = (): void => {
    if (!this.#hasEnded || this.#socket.destroyed) return;
    if (this.account.bytes > 0) this.#inFlight.whenRoom(this.#endWhenAnswered);
    else this.#socket.end();
  };

  #waitFor(ms: number): void {
    clearTimeout(this.#quietTimer);
    this.#quietTimer = setTimeout(() => {
      // Its answer is ours to give: it may wait for it as long as that takes.
      if (this.account.bytes > 0) this.#waitFor(ms);
      else this.cut(this.#hasHeard ? 'idle' : 'no-frame');
    }, ms);
  }
}
