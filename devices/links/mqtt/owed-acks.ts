import type { Later } from '../ports.ts';

/** MQTT 3.1.1 §3.4: PUBACK, two bytes left, message id. */
const PUBACK = 0x40;
const PUBACK_BYTES = 4;

/** PUBACKs of one connection: those that fall due together go out together, in their order. */
export class OwedAcks {
  readonly #later: Later;
  readonly #send: (bytes: Buffer) => void;
  #messageIds: number[] = [];

  constructor(later: Later, send: (bytes: Buffer) => void) {
    this.#later = later;
    this.#send = send;
  }

  add(messageId: number): void {
    if (this.#messageIds.push(messageId) === 1) this.#later(this.#pay);
  }

  readonly #pay = (): void => {
    const messageIds = this.#messageIds;
    this.#messageIds = [];
    this.#send(encodePubacks(messageIds));
  };
}

function encodePubacks(messageIds: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(messageIds.length * PUBACK_BYTES);
  let at = 0;
  for (const messageId of messageIds) {
    at = bytes.writeUInt8(PUBACK, at);
    at = bytes.writeUInt8(2, at);
    at = bytes.writeUInt16BE(messageId, at);
  }
  return bytes;
}
