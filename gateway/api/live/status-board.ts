import type { Logger } from 'pino';
import type { Check, Checks, FeedStatus } from '../contract/feed.ts';

/** Chosen: a fault is on every screen within this time and the next paint. */
const LOOK_EVERY_MS = 500;

export type StatusBoard = {
  readonly start: () => void;
  readonly stop: () => void;
  readonly checks: () => Checks;
  readonly status: () => FeedStatus;
  /** Called when a check changed its state; the detail alone is no change. */
  readonly onChange: (listener: () => void) => () => void;
  /** How many are told. */
  readonly listeners: () => number;
};

/** Looks at every part's health and tells the consoles when one changes. A check that throws has failed. */
export function createStatusBoard(probes: Readonly<Record<string, () => Check>>, logger: Logger): StatusBoard {
  const listeners = new Set<() => void>();
  let lookTimer: NodeJS.Timeout | null = null;
  let shown = '';

  function probe(name: string, look: () => Check): Check {
    try {
      return look();
    } catch (error) {
      logger.error({ err: error, check: name }, 'a health check failed');
      return { status: 'failed', detail: 'the check itself failed' };
    }
  }

  function checks(): Checks {
    return Object.fromEntries(Object.entries(probes).map(([name, look]) => [name, probe(name, look)]));
  }

  function look(): void {
    const found = Object.entries(checks());
    const states = found.map(([name, { status }]) => `${name}=${status}`);
    const now = states.join(' ');
    if (now === shown) return;
    const faults = found
      .filter(([, { status }]) => status !== 'ok')
      .map(([name, { detail }]) => `${name}: ${detail ?? 'unknown'}`);
    if (shown !== '') logger.warn({ checks: states, faults }, 'health changed');
    shown = now;
    for (const listener of listeners) listener();
  }

  return {
    start: () => {
      look();
      lookTimer ??= setInterval(look, LOOK_EVERY_MS);
    },
    stop: () => {
      if (lookTimer !== null) clearInterval(lookTimer);
      lookTimer = null;
    },
    checks,
    status: () => {
      const now = checks();
      return { degraded: Object.values(now).some(({ status }) => status !== 'ok'), checks: now };
    },
    listeners: () => listeners.size,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
