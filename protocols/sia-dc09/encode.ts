import { crcOf } from './crc.ts';
import { encryptBody } from './crypt.ts';
import type { CrcStyle, Dc09Cipher, Dc09Message } from './message.ts';
import { formatTimestamp } from './timestamp.ts';

/** What encrypts a frame: the account's cipher, and n characters of chance (printable ASCII without brackets and bar). */
export type Dc09Secrecy = { readonly cipher: Dc09Cipher; readonly padOf: (count: number) => string };

/**
 * What a receiver answers (DC-09 §5.5.2). `ack`: stored; `at` is the receiver's clock, which an encrypted answer must carry. `nak`: the
 * panel's clock is wrong, and this is the time. `rsp`: understood, with data. There is no DUH: panels that get one for a code drop the
 * connection and call again, so an unknown code is stored and acknowledged.
 */
export type Dc09Reply =
  | { readonly kind: 'ack'; readonly at: number }
  | { readonly kind: 'nak'; readonly at: number }
  | { readonly kind: 'rsp'; readonly at: number; readonly data: string };

/** What a reply echoes of the frame that it answers. */
export type Dc09Asked = Pick<Dc09Message, 'sequence' | 'receiver' | 'line' | 'account' | 'crcStyle' | 'isEncrypted'>;

/** An event as a panel sends it. `at` is mandatory with encryption. Strings hold no bracket, quote or control character. */
export type Dc09Outgoing = Omit<Dc09Message, 'lenIsRight' | 'isEncrypted'>;

/** Bytes of an answer, LF to CR. Encrypted exactly where the frame was and its key is given; a NAK never is. */
export function encodeDc09Reply(reply: Dc09Reply, asked: Dc09Asked, secrecy?: Dc09Secrecy): Uint8Array {
  if (reply.kind === 'nak') return seal(`"NAK"0000R0L0A0[]${formatTimestamp(reply.at)}`, asked.crcStyle);
  const { sequence, receiver, line, account, crcStyle } = asked;
  const isSecret = asked.isEncrypted && secrecy !== undefined;
  const answer = {
    token: reply.kind === 'ack' ? 'ACK' : 'RSP',
    sequence,
    ...(receiver === undefined ? {} : { receiver }),
    ...(line === undefined ? {} : { line }),
    account,
    data: reply.kind === 'rsp' ? reply.data : '',
    xdata: [],
    crcStyle,
    ...(isSecret ? { at: reply.at } : {}),
  };
  return encodeDc09Event(answer, isSecret ? secrecy : undefined);
}

/** Bytes of a frame, LF to CR; encrypted where `secrecy` is given. */
export function encodeDc09Event(event: Dc09Outgoing, secrecy?: Dc09Secrecy): Uint8Array {
  const { token, sequence, receiver, line, account, data, xdata, at } = event;
  const blocks = xdata.map(({ letter, text }) => `[${letter}${text}]`).join('');
  const body = `${data}]${blocks}${at === undefined ? '' : formatTimestamp(at)}`;
  const head = [
    `"${secrecy === undefined ? '' : '*'}${token}"`,
    String(sequence).padStart(4, '0'),
    receiver === undefined ? '' : `R${receiver}`,
    line === undefined ? '' : `L${line}`,
    account === null ? '' : `#${account}`,
  ].join('');
  const secret = secrecy === undefined ? body : encryptBody(body, secrecy.cipher, secrecy.padOf);
  return seal(`${head}[${secret}`, event.crcStyle);
}

/** LF, CRC and LEN before it, CR behind it. */
function seal(text: string, style: CrcStyle): Uint8Array {
  const content = new TextEncoder().encode(text);
  const crc = crcOf(content);
  const length = hex4(content.length);
  const crcBytes = style === 'hex' ? ascii(hex4(crc)) : [crc >> 8, crc & 0xff];
  return Uint8Array.from([0x0a, ...crcBytes, ...ascii(length), ...content, 0x0d]);
}

function hex4(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, '0');
}

function ascii(text: string): readonly number[] {
  return Array.from(text, (char) => char.charCodeAt(0));
}
