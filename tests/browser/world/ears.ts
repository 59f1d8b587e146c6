import type { Page } from 'playwright-core';
import { until } from '../../harness/until.ts';

/**
 * Runs in the page before its own scripts: whatever is sent to the loudspeaker is measured as well, so that a test hears
 * what a person would, not which function was called.
 */
export const EARS = `{
  const analysers = [];
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode) {
      const analyser = new AnalyserNode(target.context, { fftSize: 32768 });
      connect.call(this, analyser);
      analysers.push(analyser);
    }
    return connect.call(this, target, ...rest);
  };
  globalThis.zhujiTestPeak = () => {
    let peak = 0;
    const samples = new Float32Array(32768);
    for (const analyser of analysers) {
      if (analyser.context.state !== 'running') continue;
      analyser.getFloatTimeDomainData(samples);
      for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
    }
    return peak;
  };
}`;

/** The loudest of the last 0.7 s, 0 … 1. */
async function loadPeak(page: Page): Promise<number> {
  return Number(await page.evaluate('zhujiTestPeak()'));
}

export function untilSounds(page: Page, timeoutMs = 5_000): Promise<unknown> {
  return until(async () => (await loadPeak(page)) > 0.05, { timeoutMs, what: 'the page to be heard', everyMs: 100 });
}

/** The most urgent pattern pauses for up to three and a half seconds: quiet is what stays quiet for longer. */
export async function untilQuiet(page: Page, timeoutMs = 15_000): Promise<void> {
  let quietTimes = 0;
  await until(
    async () => {
      quietTimes = (await loadPeak(page)) < 0.001 ? quietTimes + 1 : 0;
      return quietTimes >= 12;
    },
    { timeoutMs, what: 'the page to be quiet', everyMs: 350 },
  );
}
