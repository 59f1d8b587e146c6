import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { errorCode } from '../errors.ts';
import { REDIS_KEYS } from '../store/keys.ts';
import { judgeLineage, type KnownLineage, type SeenLineage } from './lineage.ts';
import type { LineageFile } from './lineage-file.ts';
import { maxStreamId } from './stream-id.ts';

export type LineageRedis = {
  readonly get: (key: string) => Promise<string | null>;
  readonly set: (key: string, value: string) => Promise<unknown>;
  readonly setnx: (key: string, value: string) => Promise<unknown>;
  readonly xinfo: (what: 'STREAM', key: string) => Promise<unknown>;
  readonly xrange: (key: string, start: string, end: string) => Promise<readonly unknown[]>;
};

export type LineageChange = {
  readonly reason: 'replaced' | 'older';
  /** Null when the file was unreadable. */
  readonly previous: string | null;
  readonly current: string;
};

export type LineageKeeperOptions = {
  readonly redis: LineageRedis;
  readonly file: LineageFile;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly randomId: () => string;
  /** The newest entry id that this gateway was answered with; null when none. */
  readonly lastAnswered: () => string | null;
  readonly forgetLastAnswered: () => void;
  /**
   * Redis lost data. What it must know before old alarms come again (the marks of seen ULIDs, open incidents) is restored
   * here. May be called again for the same loss, then perhaps with the other reason; when it rejects, nothing is sent again
   * and it is called later once more.
   */
  readonly restore: (change: LineageChange) => Promise<void>;
  /** Sends the whole journal; false when it did not come to the end. */
  readonly sendAllAgain: () => Promise<boolean>;
};

/** Entries are kept at least so long (`incidents/dispatch/alarm-group.ts`), and an hour less is believed. */
const TRIMMED_AFTER_MS = 23 * 60 * 60 * 1000;

/** Wait after a restoration that did not come to its end; chosen. */
const RETRY_MS = 5000;

/** Notices a Redis that came back empty, older or as another one, and has it filled again. */
export class LineageKeeper {
  readonly #options: LineageKeeperOptions;
  #known: KnownLineage | 'damaged' | null = null;
  #isLoaded = false;
  #isRestoring = false;
  #notBeforeMs = -Infinity;

  constructor(options: LineageKeeperOptions) {
    this.#options = options;
  }

  isRestoring(): boolean {
    return this.#isRestoring;
  }

  /** Looks once, and restores when that is needed. Rejects when Redis or the file does: look again later. */
  async look(): Promise<void> {
    if (this.#isRestoring || this.#options.clock.monoMs() < this.#notBeforeMs) return;
    // Read before Redis is asked: an answer that comes meanwhile must not make Redis look older than it is.
    const answered = this.#options.lastAnswered();
    if (!this.#isLoaded) {
      this.#known = await this.#options.file.load();
      this.#isLoaded = true;
    }
    const known = typeof this.#known === 'object' ? this.#known : null;
    const judged = known === null ? this.#known : { ...known, lastId: maxStreamId(known.lastId, answered) };
    const seen = await this.#see(typeof judged === 'object' ? (judged?.lastId ?? null) : null);
    const verdict = judgeLineage(judged, seen);
    if (verdict === 'first' || verdict === 'same') {
      const lineage = seen.lineage ?? (await this.#claim());
      await this.#remember({ lineage, lastId: seen.lastId });
      return;
    }
    await this.#restore(verdict, known?.lineage ?? null, seen);
  }

  async #see(knownId: string | null): Promise<SeenLineage> {
    const [lineage, found, info] = await Promise.all([
      this.#options.redis.get(REDIS_KEYS.lineage),
      knownId === null ? [] : this.#options.redis.xrange(REDIS_KEYS.alarms, knownId, knownId),
      this.#options.redis.xinfo('STREAM', REDIS_KEYS.alarms).catch((error: unknown) => {
        if (error instanceof Error && error.message.includes('no such key')) return null;
        throw error;
      }),
    ]);
    const knownAgeMs = this.#options.clock.nowMs() - Number(knownId?.split('-', 1)[0] ?? 0);
    return {
      lineage,
      lastId: readLastId(info),
      hasKnown: found.length > 0,
      isKnownYoung: knownAgeMs < TRIMMED_AFTER_MS,
    };
  }

  /** Several gateways may find it missing: the first one names it. */
  async #claim(): Promise<string> {
    const own = this.#options.randomId();
    await this.#options.redis.setnx(REDIS_KEYS.lineage, own);
    return (await this.#options.redis.get(REDIS_KEYS.lineage)) ?? own;
  }

  async #restore(reason: LineageChange['reason'], previous: string | null, seen: SeenLineage): Promise<void> {
    const { redis, logger, restore, sendAllAgain, forgetLastAnswered } = this.#options;
    this.#isRestoring = true;
    this.#notBeforeMs = this.#options.clock.monoMs() + RETRY_MS;
    try {
      // A restored backup carries its old name: the new one tells the other gateways.
      if (reason === 'older') await redis.set(REDIS_KEYS.lineage, this.#options.randomId());
      const current = reason === 'replaced' && seen.lineage !== null ? seen.lineage : await this.#claim();
      logger.error({ reason }, 'redis lost data, it is filled again');
      await restore({ reason, previous, current });
      if (!(await sendAllAgain())) return;
      forgetLastAnswered();
      // Remembered only now: a crash before it does all of this again.
      await this.#remember({ lineage: current, lastId: (await this.#see(null)).lastId });
      this.#notBeforeMs = -Infinity;
      logger.warn({ reason }, 'redis is filled again from the journal');
    } catch (error) {
      logger.error({ reason, code: errorCode(error) }, 'redis could not be filled again yet');
    } finally {
      this.#isRestoring = false;
    }
  }

  async #remember(known: KnownLineage): Promise<void> {
    const before = typeof this.#known === 'object' ? this.#known : null;
    if (before?.lineage === known.lineage && before.lastId === known.lastId) return;
    await this.#options.file.save(known);
    this.#known = known;
  }
}

/** XINFO STREAM answers with names and values in turn. */
function readLastId(info: unknown): string | null {
  if (!Array.isArray(info)) return null;
  const value: unknown = info[info.indexOf('last-generated-id') + 1];
  return typeof value === 'string' ? value : null;
}
