/** Values of the tones, by their place: 1 to 9, then 0 as ten, then B to F; an F is fifteen (DC-05 §4.3). There is no A. */
const TONES = '1234567890BCDEF';

/** Sum of the digits modulo 15; NaN where one of them is no tone. A message with its check digit has the sum 0. */
export function toneSum(digits: string): number {
  let sum = 0;
  for (const digit of digits) {
    const place = TONES.indexOf(digit);
    sum += place === -1 ? Number.NaN : place + 1;
  }
  return sum % 15;
}

/** The digit that makes the sum 0. */
export function checkDigit(digits: string): string {
  return TONES[14 - toneSum(digits)] ?? '';
}
