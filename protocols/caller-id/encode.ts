import type { CallerFields } from './message.ts';

/** What a modem or a box writes, for the simulator and the tests. Result codes stand between CR LF (ITU-T V.250 §5.7.1). */

const TEXT = new TextEncoder();

export function encodeLine(text: string): Uint8Array {
  return TEXT.encode(`\r\n${text}\r\n`);
}

/** The lines of a modem between the first ring and the second, in the order of the makers' examples. */
export function encodeModemCaller(fields: CallerFields): Uint8Array {
  const { date, time, number, absence, name } = fields;
  const lines = [
    ...(date === undefined ? [] : [`DATE = ${date}`]),
    ...(time === undefined ? [] : [`TIME = ${time}`]),
    ...(number === undefined ? [] : [`NMBR = ${number ?? (absence === 'private' ? 'P' : 'O')}`]),
    ...(name === undefined ? [] : [`NAME = ${name}`]),
  ];
  return TEXT.encode(`\r\n${lines.join('\r\n')}\r\n`);
}

/** `MMDDHHMM number` on one line; without date and time the number alone. */
export function encodeBoxCaller({ date, time, number, absence }: CallerFields): Uint8Array {
  const told = number ?? (absence === 'private' ? 'P' : 'O');
  return TEXT.encode(`${date === undefined || time === undefined ? '' : `${date}${time} `}${told}\r\n`);
}

/** A whole packet (multiple data message format) in hexadecimal, as it stands behind `MESG =`. */
export function encodePacket({ date, time, number, absence, name }: CallerFields): string {
  const body = [
    ...(date === undefined || time === undefined ? [] : parameter(0x01, date + time)),
    ...(number === undefined || number === null ? [] : parameter(0x02, number)),
    ...(number === null ? parameter(0x04, absence === 'private' ? 'P' : 'O') : []),
    ...(name === undefined ? [] : parameter(0x07, name)),
  ];
  const packet = [0x80, body.length, ...body];
  const sum = (256 - (packet.reduce((total, byte) => total + byte, 0) & 0b1111_1111)) & 0b1111_1111;
  return [...packet, sum].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('');
}

function parameter(type: number, text: string): number[] {
  const data = [...TEXT.encode(text)];
  return [type, data.length, ...data];
}
