import type { Logger } from 'pino';
import type { AlarmEvent } from '../../../devices/event.ts';
import { decodeEvent } from '../../ingest/event-json.ts';
import type { AlarmEntry, AlarmGroup } from './alarm-group.ts';
import type { AlarmDecider } from '../decide.ts';
import type { Handle, InHand } from './dispatch-lines.ts';
import { faultWord, StoreSilentError } from '../store-silence.ts';

/** So often an entry's own fault is borne in one process; then it is given up. */
const MAX_ATTEMPTS = 3;
/** Two processes before had it in hand and did not end it: it, or something beside it, may have ended them. Chosen. */
const SUSPECT_FROM = 3;
/** So many processes may end while they try a suspect by itself; the next gives it up, at its fifth delivery. */
const MAX_TRIES = 2;

/** One that several processes had in hand and left, so that it may be what ended them. */
export function isSuspect({ deliveries }: AlarmEntry): boolean {
  return deliveries >= SUSPECT_FROM;
}

/**
 * Decides an entry or gives it up. What counts against it is its own fault alone: an error of its own, three times in one
 * process; or the end of a process while it, and nothing else, was being decided, which is written down before it is
 * tried. That Redis is silent counts for nothing, nor does what else lay in hand when a process ended.
 */
export function createHandler(deps: {
  readonly group: Pick<AlarmGroup, 'countTry' | 'forgetTries'>;
  readonly decide: AlarmDecider;
  readonly giveUp: (streamId: string, text: string | null, isDeadly: boolean) => Promise<void>;
  readonly logger: Logger;
}): { readonly handle: Handle; readonly forgetOpenTries: () => Promise<void> } {
  const { group, logger } = deps;
  const attempts = new Map<string, number>();
  /** How often each suspect that this process has begun with was begun; it begins, and counts, once. */
  const tries = new Map<string, number>();

  /** Rejects only while the store is silent. */
  async function handle(inHand: InHand): Promise<'done' | 'again'> {
    const { id } = inHand.entry;
    try {
      await (inHand.isSuspect ? handleAlone(inHand.entry) : decideOrGiveUp(inHand.entry, inHand.event));
      attempts.delete(id);
      return 'done';
    } catch (error) {
      if (error instanceof StoreSilentError) throw error;
      const attempt = (attempts.get(id) ?? 0) + 1;
      attempts.set(id, attempt);
      logger.error({ err: error, streamId: id, attempt }, 'alarm could not be decided');
      return 'again';
    }
  }

  async function handleAlone(entry: AlarmEntry): Promise<void> {
    const { id, text } = entry;
    const count = tries.get(id) ?? (await group.countTry(id));
    tries.set(id, count);
    if (count > MAX_TRIES) await giveUp(entry, true);
    else await decideOrGiveUp(entry, text === null ? null : decodeEvent(text));
    tries.delete(id);
    await group.forgetTries([id]);
  }

  /** There may be nothing that could be decided, or it was tried often enough. */
  async function decideOrGiveUp(entry: AlarmEntry, event: AlarmEvent | null): Promise<void> {
    if (event === null || (attempts.get(entry.id) ?? 0) >= MAX_ATTEMPTS) return giveUp(entry, false);
    const { incidentId, verdict } = await deps.decide(event, entry.id);
    logger.info({ alarmId: event.id, deviceId: event.deviceId, incidentId, verdict }, 'alarm decided');
  }

  async function giveUp({ id, text }: AlarmEntry, isDeadly: boolean): Promise<void> {
    logger.error({ streamId: id, isDeadly }, 'alarm could not be processed');
    await deps.giveUp(id, text, isDeadly);
  }

  /** Before a planned end: what was begun and not ended, because the store fell silent, did not end this process. */
  async function forgetOpenTries(): Promise<void> {
    try {
      await group.forgetTries([...tries.keys()]);
    } catch (error) {
      logger.warn({ code: faultWord(error), entries: tries.size }, 'tries of alarms stay counted');
    }
    tries.clear();
  }

  return { handle, forgetOpenTries };
}
