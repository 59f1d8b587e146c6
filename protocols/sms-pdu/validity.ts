const DAY_MIN = 24 * 60;

/** Relative validity period (3GPP TS 23.040 §9.2.3.12.1) as minutes. */
export function minutesOfValidity(value: number): number {
  if (value <= 143) return (value + 1) * 5;
  if (value <= 167) return 12 * 60 + (value - 143) * 30;
  if (value <= 196) return (value - 166) * DAY_MIN;
  return (value - 192) * 7 * DAY_MIN;
}

/** The shortest period that is not shorter than asked; 63 weeks at most. */
export function validityOfMinutes(minutes: number): number {
  for (let value = 0; value < 255; value += 1) {
    if (minutesOfValidity(value) >= minutes) return value;
  }
  return 255;
}
