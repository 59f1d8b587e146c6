/** How numbers are dialled where the gateway's lines are. */
export type Numbering = {
  /** Without the plus: `86`. */
  readonly countryCode: string;
  /** Without the leading 0; null where none is set, and then a local number stays as the line told it. */
  readonly areaCode: string | null;
};

export const CHINA: Numbering = { countryCode: '86', areaCode: null };

/** As the settings have it: an area code may be written with its 0. */
export function readNumbering(config: { readonly countryCode: string; readonly areaCode: string | null }): Numbering {
  return { countryCode: config.countryCode, areaCode: config.areaCode?.replace(/^0/, '') ?? null };
}

/** E.164 (ITU-T 2010, 6.2): at most 15 digits, none of them the prefix that is dialled before. */
const E164 = /^\+[1-9][0-9]{4,14}$/;

/**
 * A complete Chinese number behind the country code (ITU-T Operational Bulletin, national numbering plan of China): a mobile, 10
 * or 2x with seven or eight digits, or a three-digit area code with seven or eight; 400 and 800 fall under the last.
 */
const CHINESE = /^(1[3-9]\d{9}|(10|2\d)\d{7,8}|[3-9]\d\d\d{7,8})$/;
/** Without an area code. Short numbers begin with 1 or 9 or have fewer digits. */
const CHINESE_LOCAL = /^[2-8]\d{6,7}$/;
/** Emergency, operators and services: 110, 12345, 10086, 95588. */
const LONGEST_SHORT = 8;

/**
 * One spelling for a number however a line, a person or an SMS spells it: `+` and digits where it is complete, else its digits
 * (110, 10086, a local number of an unknown area). Null where it has no digits, which is how lines say that it is withheld.
 * Pure; its own answer stays as it is.
 */
export function canonicalNumber(told: string, { countryCode, areaCode }: Numbering): string | null {
  const text = told.normalize('NFKC').trim();
  // The trunk prefix that some write in brackets between country code and number.
  const digits = (text.startsWith('+') ? text.replace(/\(0\)(?=\D*\d)/, '') : text).replaceAll(/\D/g, '');
  if (digits === '') return null;
  const far = text.startsWith('+') ? digits : /^00(\d+)$/.exec(digits)?.[1];
  const international = far?.replace(/^0+/, '');
  if (international === '') return digits;
  if (international !== undefined) {
    return countryCode === '86' && international.startsWith('86')
      ? behindChina(international.slice(2), areaCode)
      : `+${international}`;
  }
  return countryCode === '86' ? withinChina(digits, areaCode) : within(digits, countryCode, areaCode);
}

/** Whether it is complete, so that it may stand for a device. */
export function isCompleteNumber(number: string): boolean {
  return E164.test(number);
}

/** The digits after +86, 0086 or 86; the 0 before an area code does not belong there and is often written. */
function behindChina(rest: string, areaCode: string | null): string {
  const bare = rest.replace(/^0+/, '');
  if (CHINESE.test(bare)) return `+86${bare}`;
  return bare.length > LONGEST_SHORT || bare === '' ? `+86${bare}` : localChina(bare, areaCode);
}

function withinChina(digits: string, areaCode: string | null): string {
  // A local number may begin with 86 too, and is shorter.
  if (/^86\d{10,13}$/.test(digits) && CHINESE.test(digits.slice(2).replace(/^0/, ''))) {
    return behindChina(digits.slice(2), areaCode);
  }
  if (/^1[3-9]\d{9}$/.test(digits) || /^[48]00\d{7}$/.test(digits)) return `+86${digits}`;
  // Also a mobile with the 0 of a long-distance call.
  if (digits.startsWith('0') && CHINESE.test(digits.slice(1))) return `+86${digits.slice(1)}`;
  return localChina(digits, areaCode);
}

function localChina(digits: string, areaCode: string | null): string {
  return areaCode !== null && CHINESE_LOCAL.test(digits) ? `+86${areaCode}${digits}` : digits;
}

/** Elsewhere a 0 stands before the area code within the country, as in most of the world; where it does not, write the plus. */
function within(digits: string, countryCode: string, areaCode: string | null): string {
  if (/^0[1-9]\d{5,13}$/.test(digits)) return `+${countryCode}${digits.slice(1)}`;
  return areaCode !== null && /^[2-9]\d{5,7}$/.test(digits) ? `+${countryCode}${areaCode}${digits}` : digits;
}
