import { describe, expect, test } from 'vitest';
import { decodeDc09 } from '../../../protocols/sia-dc09/decode.ts';
import { encodeDc09Reply, type Dc09Asked } from '../../../protocols/sia-dc09/encode.ts';
import { aesOf, secrecyOf } from './aes.ts';
import { GOLDEN_KEY, onTheWire } from './golden.ts';

const AT = Date.UTC(2025, 8, 24, 16, 20, 1);
const ASKED: Dc09Asked = {
  sequence: 247,
  receiver: '4F39',
  line: 'a1',
  account: '4F39',
  crcStyle: 'hex',
  isEncrypted: false,
};

function textOf(frame: Uint8Array): string {
  return new TextDecoder().decode(frame).slice(9, -1);
}

test('a NAK is the golden one: fixed R, L and account, and our time', () => {
  expect(encodeDc09Reply({ kind: 'nak', at: AT }, ASKED)).toEqual(
    onTheWire('E4410025"NAK"0000R0L0A0[]_16:20:01,09-24-2025'),
  );
});

test('an ACK echoes number, receiver, line and account as they were written', () => {
  expect(textOf(encodeDc09Reply({ kind: 'ack', at: AT }, ASKED))).toBe('"ACK"0247R4F39La1#4F39[]');
});

test('what was left out in the frame is left out in its ACK', () => {
  const bare: Dc09Asked = { sequence: 2, account: '0123', crcStyle: 'hex', isEncrypted: false };
  expect(textOf(encodeDc09Reply({ kind: 'ack', at: AT }, bare))).toBe('"ACK"0002#0123[]');
});

test('an RSP carries its data', () => {
  expect(textOf(encodeDc09Reply({ kind: 'rsp', at: AT, data: 'V1' }, ASKED))).toBe('"RSP"0247R4F39La1#4F39[V1]');
});

describe('the style of the CRC', () => {
  test.each(['hex', 'binary'] as const)('of a %s frame is that of its answers', (crcStyle) => {
    for (const kind of ['ack', 'nak'] as const) {
      expect(decodeDc09(encodeDc09Reply({ kind, at: AT }, { ...ASKED, crcStyle }))).toMatchObject({
        ok: true,
        message: { crcStyle, lenIsRight: true },
        faults: [],
      });
    }
  });

  test('a binary CRC is two bytes, the high one first', () => {
    const hex = encodeDc09Reply({ kind: 'ack', at: AT }, ASKED);
    const binary = encodeDc09Reply({ kind: 'ack', at: AT }, { ...ASKED, crcStyle: 'binary' });
    const crc = Number.parseInt(new TextDecoder().decode(hex.subarray(1, 5)), 16);
    expect([...binary.subarray(0, 3)]).toEqual([0x0a, crc >> 8, crc & 0xff]);
    expect(binary.subarray(3)).toEqual(hex.subarray(5));
  });
});

describe('an encrypted frame', () => {
  const encrypted = { ...ASKED, isEncrypted: true };

  test('is acknowledged encrypted, with our time inside', () => {
    const frame = encodeDc09Reply({ kind: 'ack', at: AT }, encrypted, secrecyOf(GOLDEN_KEY));
    expect(textOf(frame)).toMatch(/^"\*ACK"0247R4F39La1#4F39\[(?:[0-9A-F]{32})+$/);
    expect(decodeDc09(frame, { cipherFor: () => aesOf(GOLDEN_KEY) })).toMatchObject({
      ok: true,
      message: { token: 'ACK', data: '', at: AT },
    });
  });

  test('whose key nobody has is acknowledged in clear', () => {
    expect(textOf(encodeDc09Reply({ kind: 'ack', at: AT }, encrypted))).toBe('"ACK"0247R4F39La1#4F39[]');
  });

  test('gets a NAK in clear, because the panel’s clock is wrong', () => {
    expect(textOf(encodeDc09Reply({ kind: 'nak', at: AT }, encrypted, secrecyOf(GOLDEN_KEY)))).toBe(
      '"NAK"0000R0L0A0[]_16:20:01,09-24-2025',
    );
  });
});
