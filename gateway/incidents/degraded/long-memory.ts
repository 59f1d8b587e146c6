import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import type { Directory } from '../../registry/directory.ts';
import { waitAtMost } from '../../store/postgres.ts';
import { createForgetErased, type ForgetRedis } from './forget-erased.ts';
import type { OtherMemory } from './other-memory.ts';
import { createRecall, type RecallRedis } from './recall.ts';
import type { RestoreCase } from './restore-case.ts';

/** How long a refill waits to hear what was erased; without an answer it is taken away again later. Chosen. */
const ASK_ERASED_MS = 1000;
/** How long old alarms are not sent again, so that Postgres can tell which were decided. New ones do not wait. Chosen. */
const RECALL_WAIT_MS = 3000;
/** Between two looks for erasures of other gateways. Chosen. */
const ERASURES_EVERY_MS = 60_000;
/** After a look that failed: what was erased is not to lie here for a minute because PostgreSQL was slow once. Chosen. */
const OWED_RETRY_MS = 2000;
/** So long after a refill each look is thorough: what was erased may have come back with an old Redis. Chosen. */
const THOROUGH_MS = 10 * 60_000;
const STOP_MS = 2000;

export type LongMemory = {
  /** Redis may lack what Postgres has, as at a start. */
  readonly ask: () => void;
  /** Before this gateway gives Redis what it knows. Bounded; never rejects. */
  readonly beforeRefill: () => Promise<void>;
  readonly afterRefill: () => void;
  /** When Postgres has told what it knows, or after some seconds. */
  readonly told: () => Promise<void>;
  /** When it has told of every open case, or could not. */
  readonly openTold: () => Promise<void>;
  readonly forgetErased: () => Promise<void>;
  /** The owner's timer calls it. */
  readonly look: () => void;
  readonly stop: () => Promise<void>;
};

/** What PostgreSQL knows, for a Redis that lost data and for a gateway that remembers what was erased. */
export function createLongMemory(deps: {
  readonly memory: OtherMemory;
  readonly redis: RecallRedis & ForgetRedis;
  readonly restore: RestoreCase;
  readonly directory: () => Pick<Directory, 'deviceAt'>;
  readonly isHeld: () => boolean;
  readonly keys: () => Iterable<string>;
  readonly drop: (keys: readonly string[]) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}): LongMemory {
  const { clock } = deps;
  const recall = createRecall(deps);
  const forget = createForgetErased(deps);
  let eraseDueMonoMs = Number.NEGATIVE_INFINITY;
  let owedDueMonoMs = Number.NEGATIVE_INFINITY;
  let thoroughUntilMonoMs = Number.NEGATIVE_INFINITY;

  return {
    ask: recall.ask,
    beforeRefill: () => waitAtMost(ASK_ERASED_MS, forget.look(false)),
    afterRefill: () => {
      recall.ask();
      thoroughUntilMonoMs = clock.monoMs() + THOROUGH_MS;
      eraseDueMonoMs = Number.NEGATIVE_INFINITY;
    },
    told: () => waitAtMost(RECALL_WAIT_MS, recall.nextTurn()),
    openTold: recall.openGiven,
    forgetErased: () => forget.look(false),
    look: () => {
      recall.look();
      const isOwedNow = forget.isOwed() && clock.monoMs() >= owedDueMonoMs;
      if (clock.monoMs() < eraseDueMonoMs && !isOwedNow) return;
      eraseDueMonoMs = clock.monoMs() + ERASURES_EVERY_MS;
      owedDueMonoMs = clock.monoMs() + OWED_RETRY_MS;
      void forget.look(clock.monoMs() < thoroughUntilMonoMs);
    },
    stop: () => waitAtMost(STOP_MS, recall.settled()),
  };
}
