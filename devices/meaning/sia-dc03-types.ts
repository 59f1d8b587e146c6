import { ALARM_TYPES, type AlarmType } from '../alarm-types.ts';

/** What a code of SIA DC-03 asks for. */
export type SiaSense =
  | { readonly kind: 'alarm' | 'restored' | 'cancel'; readonly type: AlarmType }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'status' };

/** Kinds of zones, by the first letter of their codes. A gas zone may be CO: DC-03 has one letter for both. */
const TYPE_OF_KIND = {
  B: 'intrusion',
  F: 'smoke',
  G: 'gas',
  H: 'duress',
  K: 'smoke',
  M: 'sos',
  P: 'panic',
  Q: 'sos',
  S: 'smoke',
  T: 'tamper',
  U: 'unknown',
  W: 'water',
  Z: 'unknown',
} as const satisfies Record<string, AlarmType>;

/**
 * What the second letter makes of it. `R` ends alarm and trouble alike. A zone for life that is bypassed is a fault: its next cry would not
 * come; of any other it asks for nobody.
 */
const SENSE_OF_CONDITION: Readonly<Record<string, (type: AlarmType) => SiaSense>> = {
  A: (type) => ({ kind: 'alarm', type }),
  B: (type) => (isForLife(type) ? { kind: 'alarm', type: 'device-fault' } : { kind: 'status' }),
  H: (type) => ({ kind: 'restored', type }),
  J: () => ({ kind: 'restored', type: 'device-fault' }),
  R: (type) => ({ kind: 'restored', type }),
  S: () => ({ kind: 'alarm', type: 'device-fault' }),
  T: () => ({ kind: 'alarm', type: 'device-fault' }),
  U: (type) => (isForLife(type) ? { kind: 'restored', type: 'device-fault' } : { kind: 'status' }),
};

function isForLife(type: AlarmType): boolean {
  return ALARM_TYPES[type].priority === 1;
}

/** The other codes, by what they ask of people; they win over the letters. In doubt it rings. */
export const OTHER_SENSES: readonly (readonly [sense: SiaSense, codes: string])[] = [
  // QS is said to be what Contact ID calls 102, failed to report in.
  [{ kind: 'alarm', type: 'inactivity' }, 'NA JK CT OI QS'],
  [{ kind: 'restored', type: 'inactivity' }, 'NS'],
  [{ kind: 'alarm', type: 'intrusion' }, 'BG BM BV CM CR DF DJ EA EZ XM'],
  [{ kind: 'alarm', type: 'door-open' }, 'DL DM'],
  [{ kind: 'restored', type: 'door-open' }, 'DH DR'],
  [{ kind: 'alarm', type: 'duress' }, 'ND'],
  [{ kind: 'alarm', type: 'smoke' }, 'FG FM'],
  [{ kind: 'alarm', type: 'unknown' }, 'UG UX'],
  [{ kind: 'alarm', type: 'tamper' }, 'AA ES JA TT XS'],
  [{ kind: 'restored', type: 'tamper' }, 'EJ JC TJ XJ'],
  [{ kind: 'alarm', type: 'mains-lost' }, 'AT'],
  [{ kind: 'restored', type: 'mains-lost' }, 'AR'],
  [{ kind: 'alarm', type: 'low-battery' }, 'XT YM YT'],
  [{ kind: 'restored', type: 'low-battery' }, 'XR YR'],
  [
    { kind: 'alarm', type: 'device-fault' },
    'AS BD BZ DT EM ET EX FW FY FZ IA LT NC NT OU PF RT RY SM UY UZ XL XQ XX YA YC YD YF YI YP YS YU YX',
  ],
  [{ kind: 'restored', type: 'device-fault' }, 'AN BE EN ER FQ FV IR LR NR OV PO XC XH YE YH YJ YK YQ YZ'],
  [{ kind: 'alarm', type: 'test' }, 'BX FI FX GX RX TC TP TS TX'],
  [{ kind: 'cancel', type: 'intrusion' }, 'BC'],
  [{ kind: 'cancel', type: 'smoke' }, 'FC'],
  [{ kind: 'cancel', type: 'unknown' }, 'AB OC'],
  [{ kind: 'heartbeat' }, 'RP'],
  [
    { kind: 'status' },
    'AF CA CB CC CD CE CF CG CI CJ CK CL CO CP CQ CS CW CX CZ DA DB DC DD DE DG DI DK DN DO DP DQ DS DU DV DW DX DY DZ EE ' +
      'FK FL JD JH JL JO JP JR JS JT JV JX JY JZ LB LD LE LF LS LU LX MI NB NE NF NL NM NO NP OA OB OG OH OJ OK OL OP OQ ' +
      'OR OS OT OZ PC PD PE PG RA RB RC RD RN RO RR RS RU SC TE TW TZ VI VO VR VT VX VY VZ XA XE XF XI XW YB YG YN YO YW YY ZY ZZ',
  ],
];

const SENSES: ReadonlyMap<string, SiaSense> = new Map<string, SiaSense>([
  ...Object.entries(TYPE_OF_KIND).flatMap(([kind, type]) =>
    Object.entries(SENSE_OF_CONDITION).map(([condition, senseOf]) => [kind + condition, senseOf(type)] as const),
  ),
  ...OTHER_SENSES.flatMap(([sense, codes]) => codes.split(' ').map((code) => [code, sense] as const)),
]);

/** Undefined for a code that stands in no list: an alarm, because nobody knows that it is none. */
export function senseOfSia(code: string): SiaSense | undefined {
  return SENSES.get(code);
}
