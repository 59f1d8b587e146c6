import type { SiaWords } from './message.ts';
import { OTHER_CODES } from './other-codes.ts';

/** The first letter of most codes: what kind of zone speaks (SIA DC-03-1990, event code definitions). Wording is ours. */
export const ZONE_KINDS = {
  B: { zh: '防盗', en: 'burglary' },
  F: { zh: '火警', en: 'fire' },
  G: { zh: '燃气', en: 'gas' },
  H: { zh: '劫持', en: 'hold-up' },
  K: { zh: '高温', en: 'heat' },
  M: { zh: '医疗', en: 'medical' },
  P: { zh: '紧急', en: 'panic' },
  Q: { zh: '求助', en: 'emergency' },
  S: { zh: '喷淋', en: 'sprinkler' },
  T: { zh: '拆动', en: 'tamper' },
  U: { zh: '未定类型', en: 'untyped' },
  W: { zh: '漏水', en: 'water' },
  Z: { zh: '低温', en: 'freeze' },
} as const satisfies Record<string, SiaWords>;

/** The second letter: what it says of its zone. */
export const ZONE_CONDITIONS = {
  A: { zh: '报警', en: 'alarm' },
  B: { zh: '旁路', en: 'bypassed' },
  H: { zh: '报警恢复', en: 'alarm restored' },
  J: { zh: '故障恢复', en: 'trouble restored' },
  R: { zh: '恢复', en: 'restored' },
  S: { zh: '监管异常', en: 'supervisory' },
  T: { zh: '故障', en: 'trouble' },
  U: { zh: '取消旁路', en: 'no longer bypassed' },
} as const satisfies Record<string, SiaWords>;

const ALL: ReadonlyMap<string, SiaWords> = new Map<string, SiaWords>([
  ...Object.entries(ZONE_KINDS).flatMap(([kind, of]) =>
    Object.entries(ZONE_CONDITIONS).map(
      ([condition, is]) => [kind + condition, { zh: `${of.zh}${is.zh}`, en: `${of.en} ${is.en}` }] as const,
    ),
  ),
  // Last, because TS is no supervised tamper zone but the start of a test.
  ...Object.entries(OTHER_CODES),
]);

/** Every code that is known, in no order. */
export const SIA_CODES: readonly string[] = [...ALL.keys()];

export function isSiaCode(code: string): boolean {
  return ALL.has(code);
}

/** Undefined for a code that stands in no list. */
export function wordsOfSia(code: string): SiaWords | undefined {
  return ALL.get(code);
}
