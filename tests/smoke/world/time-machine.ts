import { globSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { scratchDir } from '../../harness/scratch.ts';

/** Where Debian's package faketime and a build from source put it; `npm test` installs the package. */
const LIBRARIES = '/usr/{lib,lib/*,local/lib}/faketime/libfaketimeMT.so.1';

/**
 * A blocking read of a second that was under way is given up by the gateway, for which more time has passed than Redis had;
 * what Redis still answers to it would be found only by the next look at pending entries.
 */
const CALM_MS = 1_100;

export type TimeMachine = {
  /** For `startGateway({ env })`. */
  readonly env: Readonly<Record<string, string>>;
  /** From now on the gateway's clocks are further on by so much. `calmMs`: less where nothing is on its way to or from Redis. */
  readonly fastForward: (ms: number, calmMs?: number) => Promise<void>;
  /** Epoch milliseconds as the gateway sees them. */
  readonly nowMs: () => number;
};

/**
 * Clocks of a gateway that a test can move: libfaketime reads the offset from a file at every look at a clock. `wall`
 * moves only what people read (somebody set the machine's clock); `both` is time that has passed.
 */
export async function timeMachine(moves: 'wall' | 'both'): Promise<TimeMachine> {
  const [library] = globSync(LIBRARIES);
  if (library === undefined) throw new Error('libfaketime is not installed');
  const path = join(await scratchDir(), 'offset');
  let offsetMs = 0;
  const write = async (): Promise<void> => {
    // Renamed, so that no look at a clock meets half a file.
    await writeFile(`${path}.new`, `${offsetMs < 0 ? '' : '+'}${(offsetMs / 1000).toFixed(3)}`);
    await rename(`${path}.new`, path);
  };
  await write();
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: path,
      FAKETIME_NO_CACHE: '1',
      ...(moves === 'wall' ? { FAKETIME_DONT_FAKE_MONOTONIC: '1' } : {}),
    },
    async fastForward(ms, calmMs = CALM_MS) {
      offsetMs += ms;
      await write();
      if (moves === 'both') await delay(calmMs);
    },
    nowMs: () => Date.now() + offsetMs,
  };
}
