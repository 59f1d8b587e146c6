import { meaningOfContactId } from '../../devices/meaning/contact-id.ts';
import { meaningsOfSiaPayload } from '../../devices/meaning/sia-dc03.ts';
import { meaningsOfDc09 } from '../../devices/meaning/sia-dc09.ts';
import { meaningsOfSurGard } from '../../devices/meaning/sur-gard.ts';
import { decodeAdmCid, decodeContactId } from '../../protocols/contact-id/decode.ts';
import { crcOf } from '../../protocols/sia-dc09/crc.ts';
import { decodeDc09 } from '../../protocols/sia-dc09/decode.ts';
import { Dc09Framer } from '../../protocols/sia-dc09/framer.ts';
import { MAX_FRAME_BYTES } from '../../protocols/sia-dc09/limits.ts';
import type { Dc09Cipher } from '../../protocols/sia-dc09/message.ts';
import { readXdata } from '../../protocols/sia-dc09/xdata.ts';
import { createSurGardDecoder } from '../../protocols/sur-gard/decode.ts';
import { SurGardFramer } from '../../protocols/sur-gard/framer.ts';
import { DEFAULT_WIDTHS } from '../../protocols/sur-gard/limits.ts';
import { checkBound, seedsOf, textOf, type Target } from './target.ts';

const CONTENTS = [
  '"SIA-DCS"0001RF3L77#1234[#1234|NRR|Atest]',
  '"SIA-DCS"0004L0#1111[#1111|Nri1/PA501][X006E07.7777777][Y49N06.6666666]_20:45:46,04-22-2021',
  '"ADM-CID"0247R4F39L4F39#4F39[#4F39|3401 01 057]',
  '"NULL"0000L0#7890[]_22:13:29,12-29-2022',
  '"NAK"0000R0L0A0[]_16:20:01,09-24-2025',
  '"*SIA-DCS"7654L0#1111[C07DA1EB73C617857476EE5D79436CEE',
];
const FRAMES = seedsOf(
  '\nF4D20029"SIA-DCS"0001RF3L77#1234[#1234|NRR|Atest]\r',
  '\n5B090059"SIA-DCS"0004L0#1111[#1111|Nri1/PA501][X006E07.7777777][Y49N06.6666666]_20:45:46,04-22-2021\r',
  '\n57150047"ADM-CID"0247R4F39L4F39#4F39[#4F39|3401 01 057]\r',
  '\n\n\r0016"SIA-DCS"0001L0#1234[]\r',
);
const PLAIN_TEXTS = seedsOf('pad|#1234|NQA1][H20:45:46,04-22-2021]_20:45:46,04-22-2021', 'pad]_18:24:52,07-05-2020');
const SIA = seedsOf(
  'Nti20:50:26/id1/ri1/PA501^text^/BA02|Atest',
  'Nri1CL0^VX FRONTE ^',
  "Nri04/OP001*'NM",
  'NL2',
  '|ORP',
);
const SUR_GARD = seedsOf('5011 181234E12101001\x14', '1011           @    \x14', 'S011[#1234|Nri1/PA501]\x14');

/** What alarm panels and alarm receivers send. */
export const RECEIVER_TARGETS: readonly Target[] = [
  { name: 'sia-dc09 stream', seeds: FRAMES, open: dc09Stream },
  { name: 'sia-dc09 frame', seeds: FRAMES, open: () => (input) => decodeDc09(input) },
  { name: 'sia-dc09 content', seeds: seedsOf(...CONTENTS), open: () => (input) => readFrame(sealed(input)) },
  { name: 'sia-dc09 decrypted', seeds: PLAIN_TEXTS, open: () => (input) => readFrame(encrypted(input)) },
  {
    name: 'sia-dc09 xdata',
    seeds: seedsOf('X006E07.7777777', 'H20:45:46,04-22-2021', 'M0026B9E4268B'),
    open: () => xdata,
  },
  { name: 'sia-dc03', seeds: SIA, open: () => (input) => meaningsOfSiaPayload(textOf(input)) },
  { name: 'contact-id tones', seeds: seedsOf('1234 18 1131 01 015 8'), open: () => tones },
  { name: 'contact-id payload', seeds: seedsOf('1110 00 129', '3401 01 057'), open: () => admCid },
  { name: 'sur-gard', seeds: SUR_GARD, open: surGard },
];

/** As the link does: the stream is cut, frames are read and understood. */
function dc09Stream(): (input: Uint8Array) => void {
  const framer = new Dc09Framer();
  return (input) => {
    for (const piece of framer.push(input)) if (piece.kind === 'frame') readFrame(piece.bytes);
    checkBound(framer.pendingBytes, MAX_FRAME_BYTES);
  };
}

/** Encryption that changes nothing, so that an input is what comes out of it. */
const CLEAR: Dc09Cipher = { encrypt: (plain) => plain, decrypt: (secret) => secret };

function readFrame(frame: Uint8Array): void {
  const decoded = decodeDc09(frame, { cipherFor: () => CLEAR });
  if (decoded.ok && meaningsOfDc09(decoded.message, decoded.faults).length === 0) throw new Error('means nothing');
}

/** A right CRC around anything: nothing spoilt comes past a wrong one. */
function sealed(content: Uint8Array): Uint8Array {
  const head = `\n${hex4(crcOf(content))}${hex4(content.length)}`;
  return Buffer.concat([Buffer.from(head, 'latin1'), content, Buffer.from('\r')]);
}

function encrypted(plain: Uint8Array): Uint8Array {
  const whole = Buffer.alloc(Math.ceil(plain.length / 16) * 16);
  whole.set(plain, whole.length - plain.length);
  return sealed(Buffer.from(`"*SIA-DCS"0001L0#1234[${whole.toString('hex')}`, 'latin1'));
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, '0').slice(-4);
}

function xdata(input: Uint8Array): void {
  const text = textOf(input);
  readXdata({ letter: text.slice(0, 1), text: text.slice(1) });
}

function tones(input: Uint8Array): void {
  const decoded = decodeContactId(textOf(input));
  if (decoded.ok) meaningOfContactId(decoded.value.event);
}

function admCid(input: Uint8Array): void {
  const decoded = decodeAdmCid(textOf(input));
  if (decoded.ok) meaningOfContactId(decoded.value);
}

function surGard(): (input: Uint8Array) => void {
  const framer = new SurGardFramer();
  const decode = createSurGardDecoder(DEFAULT_WIDTHS);
  return (input) => {
    for (const piece of framer.push(input)) {
      const decoded = piece.kind === 'frame' ? decode(piece.bytes) : null;
      if (decoded?.ok === true) meaningsOfSurGard(decoded.message);
    }
  };
}
