import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { faultWord, fromStore } from '../incidents/store-silence.ts';
import { REDIS_KEYS } from '../store/keys.ts';
import type { AuditNote } from './audit-entry.ts';

/** Notes that wait while Redis is away; a day of minutes and a busy day of reads. Chosen. */
const MOST_WAITING = 20_000;
const BATCH = 100;
const RETRY_MS = 1000;

export type TrailRedis = {
  readonly xadd: (key: string, id: '*', field: 'entry', value: string) => Promise<unknown>;
};

/** Notes what belongs into the audit chain and is no step of an incident. Never waits and never fails. */
export type AuditTrail = {
  readonly note: (type: string, actor: string, data: AuditNote['data']) => void;
  readonly start: () => void;
  /** Hands over what waits, if Redis takes it. */
  readonly stop: () => Promise<void>;
};

/**
 * Hands notes to the stream `{zj}:audit` in their order; what Redis does not take waits in memory. What is beyond the bound
 * is counted, and the count is noted. An answer that was lost may mean that a note stands twice.
 */
export function createAuditTrail(deps: {
  readonly redis: TrailRedis;
  readonly clock: Clock;
  readonly logger: Logger;
}): AuditTrail {
  const { redis, clock, logger } = deps;
  const waiting: AuditNote[] = [];
  let shed = 0;
  let sending: Promise<void> | null = null;
  let retryTimer: NodeJS.Timeout | null = null;
  let lastFault: string | null = null;

  function note(type: string, actor: string, data: AuditNote['data']): void {
    if (waiting.length >= MOST_WAITING) shed += 1;
    else waiting.push({ at: clock.nowMs(), type, actor, data });
    if (lastFault === null) send();
  }

  function send(): void {
    sending ??= sendAll().finally(() => {
      sending = null;
    });
  }

  async function sendAll(): Promise<void> {
    try {
      while (waiting.length > 0 || shed > 0) {
        noteShed();
        const batch = waiting.slice(0, BATCH);
        const answers = await Promise.allSettled(batch.map(add));
        // In order: what stands behind the first refusal is sent again with it.
        const refused = answers.findIndex(({ status }) => status === 'rejected');
        waiting.splice(0, refused === -1 ? batch.length : refused);
        const fault = answers[refused];
        if (fault?.status === 'rejected') throw fault.reason;
      }
      lastFault = null;
    } catch (error) {
      const fault = faultWord(error);
      if (fault !== lastFault) logger.warn({ code: fault, waiting: waiting.length }, 'audit notes wait');
      lastFault = fault;
    }
  }

  function noteShed(): void {
    if (shed === 0 || waiting.length >= MOST_WAITING) return;
    waiting.push({ at: clock.nowMs(), type: 'notes-shed', actor: 'system', data: { count: shed } });
    shed = 0;
  }

  function add(entry: AuditNote): Promise<unknown> {
    return fromStore(redis.xadd(REDIS_KEYS.audit, '*', 'entry', JSON.stringify(entry)));
  }

  return {
    note,
    start: () => {
      retryTimer ??= setInterval(send, RETRY_MS);
    },
    stop: async () => {
      if (retryTimer !== null) clearInterval(retryTimer);
      retryTimer = null;
      await sending;
      send();
      await sending;
    },
  };
}
