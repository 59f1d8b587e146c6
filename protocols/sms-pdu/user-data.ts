import { septetsOfText, textOfSeptets } from './gsm-alphabet.ts';
import { readDataCoding } from './data-coding.ts';
import { USER_DATA_OCTETS, USER_DATA_SEPTETS } from './limits.ts';
import type { Part, PduFault, UserData } from './message.ts';
import type { Octets } from './octets.ts';
import { fillBitsAfter, packSeptets, unpackSeptets } from './septets.ts';
import { octetsOfUcs2, textOfUcs2 } from './ucs2.ts';
import { encodeHeader, readHeader, type Header } from './user-data-header.ts';

const NO_HEADER: Header = { part: null, hasShiftTable: false, isBroken: false };

/** User data length and user data (3GPP TS 23.040 §9.2.3.16, .24). Total: what is missing is missing, with its fault. */
export function readUserData(
  octets: Octets,
  dcs: number,
  hasHeader: boolean,
  faults: PduFault[],
): { readonly body: UserData; readonly part: Part | null } {
  const fault = (code: PduFault['code']): void => void faults.push({ code, offset: octets.offset });
  const { coding, isCompressed } = readDataCoding(dcs);
  const isSeptets = coding === 'gsm7' && !isCompressed;
  const told = octets.one();
  const length = Math.min(told, isSeptets ? USER_DATA_SEPTETS : USER_DATA_OCTETS);
  if (length < told) fault('too-long');
  const wanted = isSeptets ? Math.ceil((length * 7) / 8) : length;
  const data = octets.take(wanted);

  const headerOctets = hasHeader ? Math.min((data[0] ?? 0) + 1, data.length) : 0;
  const header = hasHeader ? readHeader(data.subarray(1, headerOctets)) : NO_HEADER;
  if (header.isBroken || (hasHeader && (data[0] ?? 0) + 1 > data.length)) fault('bad-header');
  if (header.hasShiftTable) fault('shift-table');
  const { part } = header;
  const rest = data.subarray(headerOctets);
  if (isCompressed) {
    fault('compressed');
    return { body: { coding: 'data', data: rest }, part };
  }
  if (coding === 'data') return { body: { coding, data: rest }, part };
  if (coding === 'ucs2') {
    if (rest.length % 2 !== 0) fault('odd-length');
    return { body: { coding, text: textOfUcs2(rest) }, part };
  }
  const headerSeptets = Math.ceil((headerOctets * 8) / 7);
  const septets = unpackSeptets(rest, Math.max(0, length - headerSeptets), fillBitsAfter(headerOctets));
  return { body: { coding, text: textOfSeptets(septets) }, part };
}

/** With the length octet in front. The text must fit (`splitText`); beyond the bound it is cut, outside the alphabet it is `?`. */
export function encodeUserData(body: UserData, part: Part | null): number[] {
  const header = encodeHeader(part);
  if (body.coding === 'gsm7') {
    const headerSeptets = Math.ceil((header.length * 8) / 7);
    const all = septetsOfText(body.text) ?? [...body.text].flatMap((c) => septetsOfText(c) ?? [0x3f]);
    const septets = all.slice(0, USER_DATA_SEPTETS - headerSeptets);
    return [headerSeptets + septets.length, ...header, ...packSeptets(septets, fillBitsAfter(header.length))];
  }
  const data = 'data' in body ? body.data : octetsOfUcs2(body.text);
  const kept = data.subarray(0, USER_DATA_OCTETS - header.length);
  return [header.length + kept.length, ...header, ...kept];
}
