import type { MqttReading } from '../../protocols/mqtt-json/message.ts';
import { nextVitals, type Wearer } from './plausible-vitals.ts';

export type PastMessage = { readonly atMs: number; readonly readings: readonly MqttReading[] };

/**
 * What a device would have sent from `fromMs` on and before `toMs`, a message each `everyMs`, oldest first; and the wearer as
 * they then are, to go on with. Pure: `random` gives [0, 1).
 */
export function listPastVitals(
  before: Wearer,
  metrics: readonly string[],
  { fromMs, toMs, everyMs }: { readonly fromMs: number; readonly toMs: number; readonly everyMs: number },
  random: () => number,
): { readonly wearer: Wearer; readonly messages: PastMessage[] } {
  const messages: PastMessage[] = [];
  let wearer = before;
  for (let atMs = fromMs; atMs < toMs; atMs += everyMs) {
    const next = nextVitals(wearer, metrics, atMs, random);
    wearer = next.wearer;
    messages.push({ atMs, readings: next.readings });
  }
  return { wearer, messages };
}
