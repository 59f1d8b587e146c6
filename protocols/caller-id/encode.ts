import { MDMF, PARAMETER } from './decode-packet.ts';
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
    ...(number === undefined ? [] : [`NMBR = ${number ?? letterOf(absence)}`]),
    ...(name === undefined ? [] : [`NAME = ${name}`]),
  ];
  return TEXT.encode(`\r\n${lines.join('\r\n')}\r\n`);
}

/** `MMDDHHMM number` on one line; without date and time the number alone. */
export function encodeBoxCaller({ date, time, number, absence }: CallerFields): Uint8Array {
  const told = number ?? letterOf(absence);
  return TEXT.encode(`${date === undefined || time === undefined ? '' : `${date}${time} `}${told}\r\n`);
}

/** A whole packet (multiple data message format) in hexadecimal, as it stands behind `MESG =`. */
export function encodePacket({ date, time, number, absence, name }: CallerFields): string {
  const body = [
    ...(date === undefined || time === undefined ? [] : parameter(PARAMETER.dateTime, date + time)),
    ...(number === undefined || number === null ? [] : parameter(PARAMETER.number, number)),
    ...(number === null ? parameter(PARAMETER.noNumber, letterOf(absence)) : []),
    ...(name === undefined ? [] : parameter(PARAMETER.name, name)),
  ];
  const packet = [MDMF, body.length, ...body];
  const sum = (256 - (packet.reduce((total, byte) => total + byte, 0) & 0b1111_1111)) & 0b1111_1111;
  return [...packet, sum].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('');
}

/** Withheld, or known to no exchange. */
function letterOf(absence: CallerFields['absence']): 'P' | 'O' {
  return absence === 'private' ? 'P' : 'O';
}

function parameter(type: number, text: string): number[] {
  const data = [...TEXT.encode(text)];
  return [type, data.length, ...data];
}
