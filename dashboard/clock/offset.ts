/** A `date` header has whole seconds and travels; below this the clocks count as equal (chosen). */
const TOLERANCE_MS = 2500;

/**
 * What to add to the console's clock to get the gateway's, milliseconds. A workstation's clock may be minutes off, and a
 * wrong "since received" misleads, so every span on the screen is counted on the gateway's clock.
 */
export function calcOffsetMs(dateHeader: string, localMs: number): number {
  const gatewayMs = Date.parse(dateHeader) + 500;
  if (Number.isNaN(gatewayMs)) return 0;
  const offsetMs = gatewayMs - localMs;
  return Math.abs(offsetMs) <= TOLERANCE_MS ? 0 : offsetMs;
}
