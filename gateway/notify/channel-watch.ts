import type { Clock } from '../clock.ts';
import type { SendResult } from './channel.ts';

/** Chosen: so many in a row, over so long a time, are no hiccup. */
const FAILURES = 3;
const FAILING_FOR_MS = 60_000;

/**
 * Notices that a channel takes nothing any more: several attempts in a row failed for more than a minute. What it refused for
 * one person's sake neither counts nor ends it.
 */
export function createChannelWatch(deps: {
  readonly clock: Pick<Clock, 'monoMs'>;
  readonly raise: () => void;
  readonly restore: () => void;
}): { readonly note: (result: SendResult) => void } {
  const { clock } = deps;
  let failures = 0;
  let since = 0;
  return {
    note: (result) => {
      if (result.kind === 'sent') {
        failures = 0;
        deps.restore();
        return;
      }
      if (!result.isChannelFault) return;
      if (failures === 0) since = clock.monoMs();
      failures += 1;
      if (failures >= FAILURES && clock.monoMs() - since > FAILING_FOR_MS) deps.raise();
    },
  };
}
