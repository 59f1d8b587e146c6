import type { UserData } from '../../../protocols/sms-pdu/message.ts';

/** Bytes that came as data are text where they are UTF-8: some devices send their ASCII so. Else each is a Latin-1 letter. */
export function textOfBody(body: UserData): string {
  if ('text' in body) return body.text;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body.data);
  } catch {
    return Buffer.from(body.data).toString('latin1');
  }
}

/**
 * A number that no telephone has, in China: service numbers of up to eight digits (10086, 95588, 12345), and access numbers
 * that begin with 106, of which 1064 with 13 digits in all are cards for machines (Telecommunication network code numbering plan,
 * MIIT 2017). Names are no numbers at all.
 */
export function isServiceNumber(number: string | null, isNamed: boolean): boolean {
  if (isNamed || number === null) return isNamed;
  const digits = number.replace(/^\+?86(?=1)/, '').replace('+', '');
  // +86 10 6… with ten digits is a landline of Beijing.
  if (number.startsWith('+8610') && digits.length === 10) return false;
  if (/^1064\d{9}$/.test(digits)) return false;
  return digits.startsWith('106') || (digits.length <= 8 && /^(1[0-2]|9[56])/.test(digits));
}
