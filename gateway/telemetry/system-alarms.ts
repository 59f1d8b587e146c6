import type { Logger } from 'pino';
import type { AlarmKind } from '../../devices/event.ts';
import type { Clock } from '../clock.ts';
import { errorCode } from '../errors.ts';
import type { Door } from '../ingest/door.ts';

/** What a fault is about, for the people who mend it: ids, codes and numbers, never anything about a person. */
export type SystemFacts = Readonly<Record<string, string | number | boolean | null>>;

export type SystemAlarmType = 'system' | 'no-coverage';

export type SystemAlarms = {
  /**
   * The gateway cannot do something that it should: one technical incident that stands until `restore`, however often it is
   * called. `code` is stable and comes from a closed set (`disk-low`, `loop-stuck:engine`). Never throws, never waits.
   */
  readonly raise: (code: string, facts?: SystemFacts, type?: SystemAlarmType) => void;
  /**
   * What stands is another by now, and is told as it is in the same incident, which does not ring for it: where the facts changed,
   * and ten minutes after they were told last. Costs nothing while nothing stands.
   */
  readonly renew: (code: string, facts: SystemFacts) => void;
  /** It can again: closes what stands. Costs nothing while nothing stands. */
  readonly restore: (code: string, facts?: SystemFacts) => void;
  /** Codes that were raised by this process and not restored. */
  readonly standing: () => readonly string[];
};

export type SystemAlarmsDeps = {
  readonly door: Pick<Door, 'raise'>;
  readonly gatewayId: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** When the open incident of this code was opened, epoch milliseconds, as the board has it; null where there is none. */
  readonly openSince: (code: string) => number | null;
};

/** A fault that lasts although somebody closed its incident by hand is raised again no sooner than this. Chosen. */
const AGAIN_AFTER_MS = 10 * 60_000;
/** One that could not be kept is tried again no sooner than this. Chosen. */
const RETRY_MS = 5_000;
/** For so long after the start a restore also closes what an earlier run of the gateway left. Chosen. */
const INHERITS_FOR_MS = 5 * 60_000;
/** More different codes are our own mistake: they share the last one. Chosen. */
const MAX_CODES = 200;
export const OTHER_CODE = 'too-many-codes';

type Standing = {
  readonly type: SystemAlarmType;
  raisedMonoMs: number;
  isKept: boolean;
  /** What was told last, and when. */
  told: SystemFacts;
  toldMonoMs: number;
};

/** Technical incidents about the gateway itself, through the door that every alarm takes (type `system`, zone = code). */
export function createSystemAlarms(deps: SystemAlarmsDeps): SystemAlarms {
  const { door, clock, logger } = deps;
  const standing = new Map<string, Standing>();
  /** Codes whose leftovers of an earlier run were asked for already. */
  const inherited = new Set<string>();
  const startedMonoMs = clock.monoMs();
  const startedMs = clock.nowMs();
  let sent = 0;

  function send(kind: AlarmKind, type: SystemAlarmType, code: string, facts: SystemFacts): Promise<unknown> {
    // The number keeps a raise soon after a restore from being taken for the same cry once more.
    sent += 1;
    const raw = JSON.stringify({ kind, code, ...facts, gatewayId: deps.gatewayId, n: sent });
    const text = [deps.gatewayId, ...Object.entries(facts).map(([name, value]) => `${name} ${value}`)].join(', ');
    return door.raise({
      deviceId: null,
      standing: 'verified',
      source: { protocol: 'gateway', peer: deps.gatewayId },
      message: { kind, type, zone: code, text, faults: [] },
      raw: Buffer.from(raw).toString('base64'),
    });
  }

  function raise(given: string, facts: SystemFacts = {}, type: SystemAlarmType = 'system'): void {
    const code = standing.size < MAX_CODES || standing.has(given) ? given : OTHER_CODE;
    const known = standing.get(code);
    const nowMono = clock.monoMs();
    if (known !== undefined) {
      const ageMs = nowMono - known.raisedMonoMs;
      if (ageMs < (known.isKept ? AGAIN_AFTER_MS : RETRY_MS)) return;
      if (known.isKept && openSince(code) !== null) {
        known.raisedMonoMs = nowMono;
        return;
      }
    } else logger.error({ code, ...facts }, 'the gateway raises an incident about itself');
    const entry: Standing = { type, raisedMonoMs: nowMono, isKept: true, told: facts, toldMonoMs: nowMono };
    standing.set(code, entry);
    attempt(
      code,
      () => send('alarm', type, code, facts),
      () => (entry.isKept = false),
    );
  }

  function renew(code: string, facts: SystemFacts): void {
    const known = standing.get(code);
    const nowMono = clock.monoMs();
    if (known === undefined || !known.isKept || nowMono - known.toldMonoMs < AGAIN_AFTER_MS) return;
    if (isSame(known.told, facts) || openSince(code) === null) return;
    known.toldMonoMs = nowMono;
    const before = known.told;
    known.told = facts;
    attempt(
      code,
      () => send('alarm', known.type, code, facts),
      () => (known.told = before),
    );
  }

  function restore(code: string, facts: SystemFacts = {}): void {
    const known = standing.get(code);
    if (known === undefined && !isLeftOver(code)) return;
    standing.delete(code);
    logger.warn({ code, ...facts }, 'a fault of the gateway is over');
    const type = known?.type ?? 'system';
    // What could not be kept stands again, so that the next restore tries once more.
    attempt(
      code,
      () => send('restored', type, code, facts),
      () =>
        standing.set(code, {
          ...{ type, raisedMonoMs: clock.monoMs(), isKept: true },
          ...{ told: facts, toldMonoMs: clock.monoMs() },
        }),
    );
  }

  /** Raised by a run before this one, and over by now. What was opened since then is another gateway's, and may last there. */
  function isLeftOver(code: string): boolean {
    if (inherited.has(code) || clock.monoMs() - startedMonoMs > INHERITS_FOR_MS) return false;
    const openedMs = openSince(code);
    if (openedMs === null || openedMs > startedMs) return false;
    inherited.add(code);
    return true;
  }

  /** The board may not be there yet: then nothing is known to be open. */
  function openSince(code: string): number | null {
    try {
      return deps.openSince(code);
    } catch (error) {
      logger.error({ err: error, code }, 'the board could not be asked for a technical incident');
      return null;
    }
  }

  function attempt(code: string, act: () => Promise<unknown>, onFailure: () => void): void {
    const fail = (error: unknown): void => {
      onFailure();
      logger.error({ code, cause: errorCode(error) }, 'an incident about the gateway could not be kept');
    };
    try {
      act().catch(fail);
    } catch (error) {
      fail(error);
    }
  }

  return { raise, renew, restore, standing: () => [...standing.keys()] };
}

function isSame(some: SystemFacts, others: SystemFacts): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}

/** The subject under which such an incident stands in the open-index. */
export function systemSubject(code: string): string {
  return `system:${code}`;
}
