import { ZhujiError } from '../../errors.ts';

/**
 * Appends, and stops waiting for a disk that neither takes nor refuses: the caller gets `disk-hangs` after `limitMs`, and
 * at once from then on, until the disk answers again. What was handed over is still written when it does. All callers go
 * on in the order in which they came.
 */
export function appendWithin<Line>(
  append: (line: Line) => Promise<void>,
  limitMs: number,
): (line: Line) => Promise<void> {
  const waiting = new Set<(error: Error) => void>();
  let isHanging = false;

  function giveUpAll(): void {
    isHanging = true;
    // The younger ones too: none may overtake an older one.
    for (const giveUp of waiting) giveUp(hangs());
  }

  return async (line) => {
    const { promise: limit, reject: giveUp } = Promise.withResolvers<never>();
    const kept = append(line).finally(() => {
      isHanging = false;
    });
    // Told by the race below, or to nobody any more.
    kept.catch(() => undefined);
    if (isHanging) throw hangs();
    waiting.add(giveUp);
    const limitTimer = setTimeout(giveUpAll, limitMs);
    try {
      await Promise.race([kept, limit]);
    } finally {
      clearTimeout(limitTimer);
      waiting.delete(giveUp);
    }
  };
}

function hangs(): ZhujiError {
  return new ZhujiError('disk-hangs', 'the disk neither takes nor refuses');
}
