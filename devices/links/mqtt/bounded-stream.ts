import { Duplex } from 'node:stream';
import type { Later } from '../ports.ts';
import { watchSilence, type KeepAlive } from './keep-alive.ts';
import { OwedAcks } from './owed-acks.ts';
import { PacketFramer, type FramerFault } from './packet-framer.ts';
import { CONNECT, typeOf } from './packet-shape.ts';

/** Why the link itself ended a connection. */
export type CutReason =
  | FramerFault
  | 'no-connect'
  | 'slow-packet'
  | 'silent'
  | 'not-reading'
  | 'displaced'
  | 'revoked'
  | 'too-many'
  | 'refused'
  | 'stopped';

export type BoundedStreamOptions = {
  readonly outgoingBytes: number;
  readonly packetTimeoutMs: number;
  /** False while what this connection has waiting at the door is over its bound. */
  readonly mayRead: () => boolean;
  /** True while an acknowledgement is still owed: the end of the peer's half is held back until it is out. */
  readonly owesAck: () => boolean;
  /** Asks for `resume()` once there is room again. */
  readonly whenRoom: () => void;
  readonly onCut: (reason: CutReason) => void;
  readonly onPayloadCut: (count: number) => void;
  /** Asked of each packet once CONNACK is out: true where it was taken out of the broker's way. */
  readonly takeAside: (packet: Buffer) => boolean;
  readonly later: Later;
};

/** What is needed of a net or TLS socket. */
export type ByteSocket = Duplex & { readonly destroySoon: () => void };

/** A pending write costs objects beside its bytes: two-byte answers must not add up to megabytes unseen. */
const WRITE_OVERHEAD_BYTES = 128;

/** Chosen. */
const FLUSH_MS = 1000;

/**
 * What one connection may have handled before the others get their turn; chosen, about a millisecond of work. Without it 64 KiB
 * of pings are 32,000 packets in one turn of the event loop, and an alarm takes several turns.
 */
const PACKETS_PER_TURN = 16;
const BYTES_PER_TURN = 16 * 1024;

/**
 * Stands between a socket and the broker and holds every bound that the broker has not (performance.md, aedes 5).
 * It hands over one packet at a time, as one object: the broker counts packets of a chunk that wait for an answer and
 * stops reading after them, so a packet that waits for the disk would hold up the PINGREQ and the alarms behind it.
 */
export class BoundedStream extends Duplex {
  readonly #socket: ByteSocket;
  readonly #options: BoundedStreamOptions;
  readonly #framer = new PacketFramer();
  #queue: Buffer[] = [];
  /** Of the queue, what was handed over; to shift it out would move all the rest each time. */
  #passed = 0;
  #packetsLeft = PACKETS_PER_TURN;
  #bytesLeft = BYTES_PER_TURN;
  #nextTurn: NodeJS.Immediate | undefined;
  #isWanted = false;
  #isConnected = false;
  #hasPassedFirst = false;
  #hasEnded = false;
  #isSocketGone = false;
  #outgoing = 0;
  #packetTimer: NodeJS.Timeout | undefined;
  #keepAlive: KeepAlive | undefined;
  readonly #owedAcks: OwedAcks;
  #cutReason: CutReason | undefined;

  constructor(socket: ByteSocket, options: BoundedStreamOptions) {
    super({ readableObjectMode: true, readableHighWaterMark: 1, allowHalfOpen: true });
    this.#socket = socket;
    this.#options = options;
    this.#owedAcks = new OwedAcks(options.later, (bytes) => this.#send(bytes));
  }

  get cutReason(): CutReason | undefined {
    return this.#cutReason;
  }

  start(): void {
    this.#socket.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#socket.on('end', () => this.#end());
    this.#socket.on('error', () => this.#lose());
    this.#socket.on('close', () => this.#lose());
  }

  /** CONNACK is out: packets behind CONNECT may pass. The broker would answer them before it. */
  open(): void {
    this.#isConnected = true;
    this.#pump();
  }

  /** The peer promised to speak so often; 0: it did not. */
  keepAlive(seconds: number): void {
    if (seconds === 0) return;
    const isRead = (): boolean => !this.#socket.isPaused();
    this.#keepAlive = watchSilence(seconds, isRead, () => this.cut('silent'));
  }

  /** Answers what was taken aside. */
  acknowledge(messageId: number): void {
    this.#owedAcks.add(messageId);
  }

  /** There is room at the door again. */
  readonly resumeReading = (): void => this.#pump();

  cut(reason: CutReason): void {
    if (this.destroyed) return;
    // Nothing can be made of what was sent; else it is still passed on: an alarm that nobody repeats may be in it.
    if (reason === 'no-connect') {
      this.#cutReason = reason;
      this.#options.onCut(reason);
      this.destroy();
    } else if (!this.#isSocketGone && !this.#socket.destroyed) {
      // Whoever reads slowly has a chunk waiting in the socket too; what is read comes by `data`.
      this.#socket.read();
      this.#cutReason = reason;
      this.#options.onCut(reason);
      // Its `close` ends what is passed on, as when the peer goes by itself.
      this.#socket.destroy();
    }
  }

  override _read(): void {
    this.#isWanted = true;
    // Not at once: a chunk pushed inside read() comes without a `readable` of its own.
    process.nextTick(() => this.#pump());
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#send(chunk);
    callback();
  }

  override _writev(chunks: { chunk: Buffer }[], callback: (error?: Error | null) => void): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)));
    callback();
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#socket.end();
    callback();
  }

  override _destroy(_error: Error | null, callback: (error?: Error | null) => void): void {
    clearTimeout(this.#packetTimer);
    this.#keepAlive?.stop();
    clearImmediate(this.#nextTurn);
    this.#queue = [];
    this.#passed = 0;
    this.#closeSocket();
    callback();
  }

  /** An answer that explains the end (CONNACK 2, a last PUBACK) gets a second to leave; a cut peer gets none. */
  #closeSocket(): void {
    if (this.#cutReason !== undefined || this.#outgoing === 0) {
      this.#socket.destroy();
      return;
    }
    const flushTimer = setTimeout(() => this.#socket.destroy(), FLUSH_MS).unref();
    this.#socket.once('close', () => clearTimeout(flushTimer));
    this.#socket.destroySoon();
  }

  #take(chunk: Buffer): void {
    if (this.destroyed || this.#hasEnded) return;
    const { packets, cut, fault } = this.#framer.push(chunk);
    if (cut > 0) this.#options.onPayloadCut(cut);
    for (const packet of packets) this.#queue.push(packet);
    if (packets.length > 0) this.#keepAlive?.heard();
    this.#watchPacket(packets.length > 0);
    if (fault !== undefined) {
      // What came whole before the fault still counts; then the end.
      this.#cutReason = fault;
      this.#options.onCut(fault);
      this.#end();
    }
    this.#pump();
    if (this.#queue.length > this.#passed) this.#socket.pause();
  }

  /** A packet that has begun must come to its end; it may not be left half open to hold its place. */
  #watchPacket(hasMoved: boolean): void {
    if (hasMoved || !this.#framer.isInsidePacket) {
      clearTimeout(this.#packetTimer);
      this.#packetTimer = undefined;
    }
    if (this.#framer.isInsidePacket && this.#packetTimer === undefined) {
      this.#packetTimer = setTimeout(() => this.cut('slow-packet'), this.#options.packetTimeoutMs).unref();
    }
  }

  #pump(): void {
    if (this.destroyed) return;
    if (this.#isConnected && !this.#passAside()) return this.#waitForTurn();
    if (!this.#isWanted) return;
    const packet = this.#queue[this.#passed];
    if (packet === undefined) {
      if (this.#hasEnded) this.#pushEnd();
      else this.#socket.resume();
      return;
    }
    if (!this.#hasPassedFirst && typeOf(packet[0] ?? 0) !== CONNECT) return this.cut('no-connect');
    if (this.#hasPassedFirst && !this.#isConnected) return;
    if (!this.#options.mayRead()) {
      this.#options.whenRoom();
      return;
    }
    if (this.#isTurnOver()) return this.#waitForTurn();
    this.#charge(packet);
    this.#isWanted = false;
    this.#hasPassedFirst = true;
    this.push(packet);
  }

  /** What stands first and need not pass the broker, within the same turn as all else. False: the turn is over before its end. */
  #passAside(): boolean {
    for (let packet = this.#queue[this.#passed]; packet !== undefined; packet = this.#queue[this.#passed]) {
      if (this.#isTurnOver()) return false;
      if (!this.#options.takeAside(packet)) return true;
      this.#charge(packet);
    }
    return true;
  }

  #isTurnOver(): boolean {
    return this.#packetsLeft <= 0 || this.#bytesLeft <= 0;
  }

  #charge(packet: Buffer): void {
    this.#packetsLeft -= 1;
    this.#bytesLeft -= packet.length;
    this.#passed += 1;
    if (this.#passed < this.#queue.length) return;
    this.#queue = [];
    this.#passed = 0;
  }

  #waitForTurn(): void {
    this.#nextTurn ??= setImmediate(() => {
      this.#nextTurn = undefined;
      this.#packetsLeft = PACKETS_PER_TURN;
      this.#bytesLeft = BYTES_PER_TURN;
      this.#pump();
    });
  }

  #pushEnd(): void {
    if (!this.#isSocketGone && this.#options.owesAck()) {
      this.#options.whenRoom();
      return;
    }
    this.#isWanted = false;
    this.push(null);
  }

  #end(): void {
    this.#hasEnded = true;
    this.#pump();
  }

  /** The peer is gone. What it sent before is still passed on: an alarm may be in it. */
  #lose(): void {
    this.#isSocketGone = true;
    clearTimeout(this.#packetTimer);
    this.#end();
  }

  #send(bytes: Buffer): void {
    if (this.#isSocketGone || this.#socket.destroyed) return;
    const cost = bytes.length + WRITE_OVERHEAD_BYTES;
    this.#outgoing += cost;
    this.#socket.write(bytes, () => {
      this.#outgoing -= cost;
    });
    if (this.#outgoing > this.#options.outgoingBytes) this.cut('not-reading');
  }
}
