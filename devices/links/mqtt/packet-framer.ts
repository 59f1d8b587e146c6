import { PAYLOAD_BOUND_BYTES } from '../../../protocols/mqtt-json/limits.ts';
import { GrowingBuffer } from './growing-buffer.ts';
import {
  encodeRemainingLength,
  isFromClient,
  publishHeadLength,
  PUBLISH,
  typeOf,
  wholePacketAt,
} from './packet-shape.ts';

/** Why a connection has to be closed; nothing after it in the stream can be trusted. */
export type FramerFault = 'bad-type' | 'bad-length' | 'bad-publish' | 'oversized';

export type Framed = {
  /** Whole MQTT control packets, each in one buffer. */
  readonly packets: readonly Buffer[];
  /** How many of them are PUBLISH packets whose payload was cut to the bound. */
  readonly cut: number;
  readonly fault?: FramerFault;
};

/**
 * Cuts a byte stream into MQTT 3.1.1 packets (§2.2) and keeps any single one within the bound of 64 KiB. A PUBLISH with a
 * larger payload is passed on as soon as its first 64 KiB are here, cut to exactly those, so that an alarm in it rings and
 * is acknowledged; the rest is discarded as it streams. Any other oversized packet is a fault. After a fault it is mute.
 */
export class PacketFramer {
  #fault: FramerFault | undefined;
  #header: number[] = [];
  #remaining = 0;
  #hasLength = false;
  /** Body bytes wanted before the next decision; less than `#remaining` while the head of a large PUBLISH is read. */
  #wanted = 0;
  #isProbing = false;
  readonly #body = new GrowingBuffer();
  #toDiscard = 0;

  /** True while a packet has begun and is not complete. */
  get isInsidePacket(): boolean {
    return this.#header.length > 0 || this.#toDiscard > 0;
  }

  push(chunk: Buffer): Framed {
    const packets: Buffer[] = [];
    let cut = 0;
    let at = 0;
    while (at < chunk.length && this.#fault === undefined) {
      if (this.#toDiscard > 0) {
        const skipped = Math.min(this.#toDiscard, chunk.length - at);
        this.#toDiscard -= skipped;
        at += skipped;
        continue;
      }
      if (this.#header.length === 0) {
        const whole = wholePacketAt(chunk, at);
        if (whole !== undefined) {
          packets.push(whole);
          at += whole.length;
          continue;
        }
      }
      if (!this.#hasLength) {
        this.#takeHeaderByte(chunk.readUInt8(at));
        at += 1;
      } else {
        const taken = Math.min(this.#wanted - this.#body.length, chunk.length - at);
        this.#body.append(chunk.subarray(at, at + taken), this.#wanted);
        at += taken;
      }
      if (this.#fault !== undefined || !this.#hasLength || this.#body.length < this.#wanted) continue;
      if (this.#isProbing) {
        this.#wantPayload();
        continue;
      }
      const surplus = this.#remaining - this.#body.length;
      const packet = this.#finish();
      if (packet === undefined) continue;
      packets.push(packet);
      if (surplus > 0) cut += 1;
      this.#toDiscard = surplus;
    }
    return this.#fault === undefined ? { packets, cut } : { packets, cut, fault: this.#fault };
  }

  #takeHeaderByte(byte: number): void {
    this.#header.push(byte);
    if (this.#header.length === 1) {
      if (!isFromClient(typeOf(byte))) this.#fault = 'bad-type';
      return;
    }
    // §2.2.3: least significant group first, seven bits a byte, at most four bytes.
    this.#remaining += (byte & 0b0111_1111) * 128 ** (this.#header.length - 2);
    if ((byte & 0b1000_0000) !== 0) {
      if (this.#header.length === 5) this.#fault = 'bad-length';
      return;
    }
    this.#hasLength = true;
    this.#wanted = this.#remaining;
    if (this.#remaining <= PAYLOAD_BOUND_BYTES) return;
    if (typeOf(this.#header[0] ?? 0) !== PUBLISH) {
      this.#fault = 'oversized';
      return;
    }
    this.#isProbing = true;
    this.#wanted = 2;
  }

  /** The topic's length is known: want the head and 64 KiB of payload, or all of it when that is less. */
  #wantPayload(): void {
    const head = publishHeadLength(this.#header[0] ?? 0, this.#body.bytes());
    this.#isProbing = false;
    this.#wanted = Math.min(this.#remaining, head + PAYLOAD_BOUND_BYTES);
  }

  #finish(): Buffer | undefined {
    const first = this.#header[0] ?? 0;
    const body = this.#body.take();
    this.#header = [];
    this.#remaining = 0;
    this.#hasLength = false;
    if (typeOf(first) === PUBLISH && (body.length < 2 || publishHeadLength(first, body) > body.length)) {
      this.#fault = 'bad-publish';
      return undefined;
    }
    return Buffer.concat([Buffer.of(first), encodeRemainingLength(body.length), body]);
  }
}
