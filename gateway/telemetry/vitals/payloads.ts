const LENGTH_BYTES = 4;

/** Several payloads as one buffer of its own, which can be moved to another thread: each behind its length as u32. */
export function packPayloads(payloads: readonly Buffer[]): Uint8Array<ArrayBuffer> {
  const size = payloads.reduce((sum, payload) => sum + LENGTH_BYTES + payload.length, 0);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const payload of payloads) {
    view.setUint32(at, payload.length);
    bytes.set(payload, at + LENGTH_BYTES);
    at += LENGTH_BYTES + payload.length;
  }
  return bytes;
}

/** Views, not copies. */
export function unpackPayloads(bytes: Uint8Array<ArrayBuffer>): Buffer[] {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const payloads: Buffer[] = [];
  for (let at = 0; at + LENGTH_BYTES <= all.length;) {
    const end = at + LENGTH_BYTES + all.readUInt32BE(at);
    payloads.push(all.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  return payloads;
}
