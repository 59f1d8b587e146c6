import type { Logger } from 'pino';
import { INCIDENT_KEYS } from '../keys.ts';
import { faultWord, fromStore } from '../store-silence.ts';
import type { OtherMemory } from './other-memory.ts';

/** Keys that are asked for at once; chosen. */
const AT_ONCE = 1000;
const WORDS = INCIDENT_KEYS.personal('');
const ALARM = INCIDENT_KEYS.event('');

export type ForgetRedis = { readonly unlink: (...keys: string[]) => Promise<unknown> };

export type ForgetErased = {
  /** Looks once. `isThorough`: also where nothing more was erased since, because erased texts may have come back. Never rejects. */
  readonly look: (isThorough: boolean) => Promise<void>;
  /** A look failed, and none has succeeded since. */
  readonly isOwed: () => boolean;
};

/**
 * What a person was erased of is not to come back from a gateway's memory: texts that PostgreSQL knows as erased are dropped
 * here, from the file too, and once more from Redis, where a refill may have put them.
 */
export function createForgetErased(deps: {
  readonly memory: Pick<OtherMemory, 'lastErasure' | 'erasedOf'>;
  readonly redis: ForgetRedis;
  /** Keys of every text that this gateway keeps. */
  readonly keys: () => Iterable<string>;
  readonly drop: (keys: readonly string[]) => void;
  readonly logger: Logger;
}): ForgetErased {
  const { memory, redis, logger } = deps;
  let lookedAt: string | null = null;
  let isOwed = false;
  let looking = Promise.resolve();

  async function forget(): Promise<void> {
    const last = await memory.lastErasure();
    if (last === lookedAt && !isOwed) return;
    // What asks for it meanwhile is owed another look.
    isOwed = false;
    lookedAt = last;
    const held = [...deps.keys()].filter((key) => key.startsWith(WORDS) || key.startsWith(ALARM));
    let count = 0;
    for (let at = 0; at < held.length; at += AT_ONCE) {
      const some = held.slice(at, at + AT_ONCE);
      const { refs, eventIds } = await memory.erasedOf({ refs: namesIn(some, WORDS), eventIds: namesIn(some, ALARM) });
      const keys = [...refs.map(INCIDENT_KEYS.personal), ...eventIds.map(INCIDENT_KEYS.event)];
      if (keys.length === 0) continue;
      await fromStore(redis.unlink(...keys));
      deps.drop(keys);
      count += keys.length;
    }
    if (count > 0) logger.info({ count }, 'what was erased is forgotten here too');
  }

  async function tryToForget(): Promise<void> {
    try {
      await forget();
    } catch (error) {
      isOwed = true;
      logger.debug({ code: faultWord(error) }, 'it could not be asked what was erased');
    }
  }

  return {
    look: (isThorough) => {
      isOwed ||= isThorough;
      // The one that is under way may have asked before the erasure.
      looking = looking.then(tryToForget);
      return looking;
    },
    isOwed: () => isOwed,
  };
}

function namesIn(keys: readonly string[], prefix: string): string[] {
  return keys.flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));
}
