/** Whether this one, of so many of its kind, is told: the 1st, 2nd, 4th, 8th … A flood of them must not become a flood of lines. */
export function isWorthALine(count: number): boolean {
  return Number.isInteger(Math.log2(count));
}
