import type { Clock } from '../../clock.ts';
import type { StreamEntry, StreamGroup } from './stream-group.ts';

/** So much later than asked a blocking read may have been given up by the client (store/redis.ts); chosen, below its grace. */
const LATE_MS = 1000;

/** What a consumer does of a group besides working on it. Each is called in every turn and does what is due then. */
export type GroupReader = {
  /** Before anything else of a turn. */
  readonly ensure: () => Promise<void>;
  /** What this consumer has read and not answered: at start, after a fault, after this process stood still. */
  readonly readOwn: () => Promise<void>;
  /** What the dead have left, every so often. */
  readonly takeOver: () => Promise<void>;
  readonly untilTakeOverMs: () => number;
  /** Entries that nobody has read. */
  readonly readNew: (blockMs: number) => Promise<void>;
  /** The group may be gone with all that Redis held, and what was read is to be read again. */
  readonly doubt: () => void;
};

/** Remembers of a consumer group what has to be done when, so that no entry that was ever read stays without a reader. */
export function createGroupReader<Entry extends StreamEntry>(deps: {
  readonly group: Pick<StreamGroup, 'ensure'> & { readonly readNew: (blockMs: number) => Promise<Entry[]> };
  readonly take: (entries: readonly Entry[]) => Promise<void> | void;
  readonly readOwn: () => Promise<void>;
  readonly takeOver: () => Promise<void>;
  readonly takeOverEveryMs: number;
  readonly clock: Pick<Clock, 'monoMs'>;
}): GroupReader {
  const { group, clock } = deps;
  let isGroupSure = false;
  let isOwnDue = true;
  let takeOverDueMonoMs = Number.NEGATIVE_INFINITY;

  return {
    ensure: async () => {
      if (!isGroupSure) await group.ensure();
      isGroupSure = true;
    },
    readOwn: async () => {
      if (!isOwnDue) return;
      await deps.readOwn();
      isOwnDue = false;
    },
    takeOver: async () => {
      if (clock.monoMs() < takeOverDueMonoMs) return;
      takeOverDueMonoMs = clock.monoMs() + deps.takeOverEveryMs;
      await deps.takeOver();
    },
    untilTakeOverMs: () => Math.ceil(takeOverDueMonoMs - clock.monoMs()),
    readNew: async (blockMs) => {
      const lateMonoMs = clock.monoMs() + blockMs + LATE_MS;
      await deps.take(await group.readNew(blockMs));
      // Whatever held it up may have kept an answer with entries from us.
      if (clock.monoMs() > lateMonoMs) isOwnDue = true;
    },
    doubt: () => {
      isGroupSure = false;
      isOwnDue = true;
    },
  };
}

/** Page after page of what lies after an entry, until there is none. */
export async function* pagesAfter<Entry extends StreamEntry>(
  from: string,
  readPage: (after: string) => Promise<readonly Entry[]>,
): AsyncGenerator<readonly Entry[]> {
  let after = from;
  for (;;) {
    const page = await readPage(after);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last.id;
  }
}
