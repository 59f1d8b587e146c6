import { STOP_SIGNALS } from '../stop-signals.ts';

/** Ctrl-C may arrive twice at once: from the terminal's process group and from the program that started us (chosen). */
const SAME_SIGNAL_MS = 1_000;

/**
 * Settles at the first signal that asks for the end. The same one again, later, ends the process at once, for whoever does
 * not want to wait; another one only says the same by another way.
 */
export function waitForSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  const askedAtMs = new Map<NodeJS.Signals, number>();
  const onSignal = (name: NodeJS.Signals): void => {
    const nowMs = performance.now();
    if (nowMs - (askedAtMs.get(name) ?? nowMs) > SAME_SIGNAL_MS) process.exit(1);
    if (!askedAtMs.has(name)) askedAtMs.set(name, nowMs);
    resolve(name);
  };
  for (const name of STOP_SIGNALS) process.on(name, onSignal);
  return promise;
}
