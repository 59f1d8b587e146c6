import { crcOf } from '../../../protocols/sia-dc09/crc.ts';
import type { Dc09Fault, Dc09Message } from '../../../protocols/sia-dc09/message.ts';

/** LF, the text as bytes, CR. */
export function onTheWire(text: string): Uint8Array {
  return new TextEncoder().encode(`\n${text}\r`);
}

/** Any content between a right CRC, a right LEN and CR, whether it is a frame or not. */
export function sealed(content: string): Uint8Array {
  const bytes = new TextEncoder().encode(content);
  const hex = (value: number) => value.toString(16).toUpperCase().padStart(4, '0');
  return onTheWire(`${hex(crcOf(bytes))}${hex(bytes.length)}${content}`);
}

/** Sixteen letters A: the key of the encrypted frames. */
export const GOLDEN_KEY = new TextEncoder().encode('A'.repeat(16));

const plain = { isEncrypted: false, xdata: [], crcStyle: 'hex', lenIsRight: true } as const;
const WRONG_LENGTH: readonly Dc09Fault[] = [{ code: 'wrong-length', path: '/length' }];

type Vector = {
  readonly name: string;
  readonly frame: string;
  readonly message: Dc09Message;
  readonly faults?: readonly Dc09Fault[];
};

/** Frames of public implementations and of their bug reports; the CRCs were computed again. */
export const DC09_VECTORS: readonly Vector[] = [
  {
    name: 'receiver F3, line 77, account 1234, code RR and a text',
    frame: 'F4D20029"SIA-DCS"0001RF3L77#1234[#1234|NRR|Atest]',
    message: {
      ...plain,
      token: 'SIA-DCS',
      sequence: 1,
      receiver: 'F3',
      line: '77',
      account: '1234',
      data: '#1234|NRR|Atest',
    },
  },
  {
    name: 'empty data',
    frame: '96ED0016"SIA-DCS"0001L0#1234[]',
    message: { ...plain, token: 'SIA-DCS', sequence: 1, line: '0', account: '1234', data: '' },
  },
  {
    name: 'a NAK with the receiver’s time, whose account is A0',
    frame: 'E4410025"NAK"0000R0L0A0[]_16:20:01,09-24-2025',
    message: {
      ...plain,
      token: 'NAK',
      sequence: 0,
      receiver: '0',
      line: '0',
      account: null,
      data: '',
      at: Date.UTC(2025, 8, 24, 16, 20, 1),
    },
  },
  {
    name: 'no L part',
    frame: '3BAC0029"SIA-DCS"0002#0123[#0123|Nti20:50:26RP99]',
    message: { ...plain, token: 'SIA-DCS', sequence: 2, account: '0123', data: '#0123|Nti20:50:26RP99' },
  },
  {
    name: 'supervision with a body and a time',
    frame: 'CA2F0038"NULL"0000L0#7890[#0000|0000 00 000]_22:13:29,12-29-2022',
    message: {
      ...plain,
      token: 'NULL',
      sequence: 0,
      line: '0',
      account: '7890',
      data: '#0000|0000 00 000',
      at: Date.UTC(2022, 11, 29, 22, 13, 29),
    },
  },
  {
    name: 'encrypted supervision: eleven pad bytes and the time',
    frame: '76D80055"*NULL"0000R0L0#AAAB[B4BC8B40D0E6D959D6BEA78E88CC0B2155741A3C44FBB96D476A3E557CAD64D9',
    message: {
      ...plain,
      token: 'NULL',
      isEncrypted: true,
      sequence: 0,
      receiver: '0',
      line: '0',
      account: 'AAAB',
      data: '',
      at: Date.UTC(2020, 6, 5, 18, 24, 52),
    },
  },
  {
    name: 'an encrypted event: a whole block of zeros for a pad, the account not said again',
    frame:
      '05BB0076"*SIA-DCS"7654L0#1111[C07DA1EB73C617857476EE5D79436CEE5E0084485E79EC56B0D5D1F3F6E648B278050BBCCBC8FE5DCA7E3C80DBDD4945',
    message: {
      ...plain,
      token: 'SIA-DCS',
      isEncrypted: true,
      sequence: 7654,
      line: '0',
      account: '1111',
      data: 'Nri1/WA000',
      at: Date.UTC(2020, 6, 9, 16, 4, 2),
      lenIsRight: true,
    },
  },
  {
    name: 'LEN in decimal',
    frame: '57150047"ADM-CID"0247R4F39L4F39#4F39[#4F39|3401 01 057]',
    message: {
      ...plain,
      token: 'ADM-CID',
      sequence: 247,
      receiver: '4F39',
      line: '4F39',
      account: '4F39',
      data: '#4F39|3401 01 057',
      lenIsRight: false,
    },
    faults: WRONG_LENGTH,
  },
  {
    name: 'a position, and a wrong LEN',
    frame: '5B090059"SIA-DCS"0004L0#1111[#1111|Nri1/PA501][X006E07.7777777][Y49N06.6666666]_20:45:46,04-22-2021',
    message: {
      ...plain,
      token: 'SIA-DCS',
      sequence: 4,
      line: '0',
      account: '1111',
      data: '#1111|Nri1/PA501',
      xdata: [
        { letter: 'X', text: '006E07.7777777' },
        { letter: 'Y', text: '49N06.6666666' },
      ],
      at: Date.UTC(2021, 3, 22, 20, 45, 46),
      lenIsRight: false,
    },
    faults: WRONG_LENGTH,
  },
];

/** The CRC does not belong to it: never a message. */
export const WRONG_CRC = '9618004D"SIA-DCS"7960L0#123456[#123456|Nri1CL0^VX FRONTE ^]_22:40:48,04-11-2021';
