import { parseBody, type ReadBody } from './body.ts';
import { crcOf } from './crc.ts';
import { decryptBody } from './crypt.ts';
import { judgeHead, type Head } from './frame-head.ts';
import type { CipherFor, DecodedDc09, Dc09Fault, Dc09Message } from './message.ts';

const LF = 0x0a;
const CR = 0x0d;

/** `"token"SEQ`, R and L, account; NAK has `A0` for an account (DC-09 §5.5.2.2). */
const HEADER =
  /^"(\*?)([^"*]{1,32})"(\d{4})(?:R([0-9A-Fa-f]{1,6}))?(?:L([0-9A-Fa-f]{1,6}))?(?:#([0-9A-Za-z]{1,16})|A0)?(?=\[|_|$)/;

/**
 * One frame, from LF to CR, to a typed message. Never throws. Refused where the CRC is wrong or nothing says who sent it under what
 * number; all else is a message with its faults.
 */
export function decodeDc09(frame: Uint8Array, options: { readonly cipherFor?: CipherFor } = {}): DecodedDc09 {
  const head = frame[0] === LF && frame.at(-1) === CR ? judgeHead(frame) : 'none';
  if (head === 'none' || head === 'more') return { ok: false, reason: 'not-a-frame' };
  const content = frame.subarray(head.quoteAt, -1);
  if (crcOf(content) !== crcIn(frame, head)) return { ok: false, reason: 'wrong-crc' };
  const text = new TextDecoder().decode(content);
  const header = HEADER.exec(text);
  if (header === null) return { ok: false, reason: 'bad-header' };
  const [whole, star, token = '', sequence, receiver, written, account = null] = header;
  // The A of `A0` reads as a hex digit of L too.
  const line = token === 'NAK' ? written?.replace(/A0$/, '') : written;
  const lenIsRight = content.length === readHex(frame, head.quoteAt - 4, 4);
  const read = readBody(text.slice(whole.length), star === '*' ? (options.cipherFor?.(account) ?? null) : 'clear');
  const message: Dc09Message = {
    token,
    isEncrypted: star === '*',
    sequence: Number(sequence),
    ...(receiver === undefined ? {} : { receiver }),
    ...(line === undefined ? {} : { line }),
    account,
    ...read.body,
    crcStyle: head.style,
    lenIsRight,
  };
  const faults: Dc09Fault[] = [...read.faults];
  if (!lenIsRight) faults.push({ code: 'wrong-length', path: '/length' });
  if (text.includes('\u{FFFD}')) faults.push({ code: 'not-utf8', path: '' });
  return { ok: true, message, faults };
}

function readBody(rest: string, cipher: ReturnType<CipherFor> | 'clear'): ReadBody {
  if (cipher === 'clear') return parseBody(rest);
  const secret = rest.slice(1);
  const read = cipher === null ? null : decryptBody(secret, cipher);
  if (read !== null) return read;
  return { body: { data: secret, xdata: [] }, faults: [{ code: 'not-decrypted', path: '/data' }] };
}

function crcIn(frame: Uint8Array, { style }: Head): number {
  return style === 'hex' ? readHex(frame, 1, 4) : ((frame[1] ?? 0) << 8) | (frame[2] ?? 0);
}

function readHex(bytes: Uint8Array, start: number, count: number): number {
  return Number.parseInt(String.fromCharCode(...bytes.subarray(start, start + count)), 16);
}
