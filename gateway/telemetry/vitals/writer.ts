import { errorCode, ZhujiError } from '../../errors.ts';
import type { ObservationsTable } from '../observations/writer-port.ts';
import type { WriterConnection } from './connection.ts';
import type { SpoolRecord } from './record.ts';
import type { SpoolReader } from './spool-reader.ts';
import { isMaybeRowFault, storeBatch, type Refused } from './store-batch.ts';

export type WriterOptions = {
  readonly connect: (onBroken: () => void) => Promise<WriterConnection>;
  /** For each connection anew: behind the next one may be another database, or an older one. */
  readonly newTable: () => ObservationsTable;
  readonly reader: SpoolReader;
  /** The name under which the database keeps how far it is. */
  readonly spoolId: () => string;
  /** What the database has says that it has more than the spool ever gave: these are other files. A new name, read anew. */
  readonly renew: () => void;
  /** First position that was not given yet. */
  readonly next: () => number;
  /** The database has everything up to this position. */
  readonly onStored: (position: number) => void;
  /** Kept where people can look at them, before they are passed over. Must not throw. */
  readonly putAside: (refused: readonly Refused[]) => void;
  readonly monoMs: () => number;
};

export type WriterState = {
  readonly isConnected: boolean;
  /** Code of the last failure, null since the last success. */
  readonly fault: string | null;
  readonly stored: number;
  readonly repeats: number;
  /** Older than readings are kept when they came to be stored. */
  readonly expired: number;
  /** Of people who were erased before they came to be stored. */
  readonly erased: number;
  readonly refused: number;
  readonly batches: number;
  /** How long something has been waiting that the database does not have. */
  readonly lateMs: number;
};

/** performance.md: batches of 4,000 to 8,000 rows or 50 ms. */
const BATCH_ROWS = 4000;
const BATCH_MS = 50;
/** Without news the connection is looked at so often. Chosen. */
const IDLE_MS = 5000;
const BACK_OFF_FIRST_MS = 100;
const BACK_OFF_MOST_MS = 5000;
/** A batch that fails so often in a row is tried row by row. Chosen. */
const STUBBORN = 5;
/** A server that stands still answers nothing for ever; then the connection is cut. Chosen. */
const BATCH_LIMIT_MS = 60_000;
const NEVER = -1;

/** Carries what is in the spool into the database, batch after batch, for as long as it takes. */
export class VitalsWriter {
  readonly #options: WriterOptions;
  #isWanted = false;
  #running: Promise<void> = Promise.resolve();
  #wakeForNews: (() => void) | null = null;
  #wakeForStop: (() => void) | null = null;
  #connection: WriterConnection | null = null;
  #position = NEVER;
  #carry: SpoolRecord[] = [];
  /** Of the last failure, null since the last success. */
  #error: unknown = null;
  #failures = 0;
  /** When the spool was read to its end last, and when that last was of which the database has all. */
  #readAllMs = 0;
  #caughtUpMs = 0;
  #counts = { stored: 0, repeats: 0, expired: 0, erased: 0, refused: 0, batches: 0 };

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.#readAllMs = this.#caughtUpMs = this.#options.monoMs();
    this.#running = this.#run();
  }

  /** The batch under way comes to its end; the rest stays in the spool. */
  async stop(): Promise<void> {
    this.#isWanted = false;
    this.trigger();
    this.#wakeForStop?.();
    await this.#running;
  }

  /** Something was added to the spool. */
  readonly trigger = (): void => {
    this.#wakeForNews?.();
  };

  state(): WriterState {
    const isBehind = this.#options.next() > this.#position + 1;
    return {
      isConnected: this.#connection !== null,
      fault: this.#error === null ? null : errorCode(this.#error),
      ...this.#counts,
      lateMs: isBehind ? this.#options.monoMs() - this.#caughtUpMs : 0,
    };
  }

  async #run(): Promise<void> {
    let backOffMs = BACK_OFF_FIRST_MS;
    while (this.#isWanted) {
      const batchesBefore = this.#counts.batches;
      try {
        this.#connection = await this.#options.connect(this.trigger);
        await this.#serve(this.#connection);
        if (this.#isWanted) throw new ZhujiError('connection-lost', 'the connection of the writer broke');
        await this.#connection.leave();
      } catch (error) {
        this.#error = error;
        this.#failures += 1;
      }
      this.#connection?.cut();
      this.#connection = null;
      this.#options.reader.close();
      this.#carry = [];
      if (!this.#isWanted) return;
      if (this.#counts.batches > batchesBefore) backOffMs = BACK_OFF_FIRST_MS;
      await this.#pause(backOffMs);
      backOffMs = Math.min(BACK_OFF_MOST_MS, 2 * backOffMs);
    }
  }

  async #serve(connection: WriterConnection): Promise<void> {
    this.#position = await this.#findCursor(connection);
    // What an earlier connection read is read anew.
    this.#readAllMs = this.#caughtUpMs;
    this.#options.onStored(this.#position);
    this.#options.reader.seek(this.#position);
    const table = this.#options.newTable();
    while (this.#isWanted && !connection.isBroken()) {
      const records = await this.#gather(connection);
      const to = records.at(-1)?.position;
      if (to === undefined) continue;
      const batch = {
        spool: this.#options.spoolId(),
        from: this.#position,
        to,
        rows: records.flatMap(({ rows }) => rows),
      };
      const how = this.#failures >= STUBBORN && isMaybeRowFault(this.#error) ? 'row-by-row' : 'straight';
      const storing = storeBatch(connection, table, batch, how);
      const { stored, repeats, expired, erased, refused } = await withinLimit(storing, BATCH_LIMIT_MS, connection.cut);
      if (refused.length > 0) this.#options.putAside(refused);
      this.#position = to;
      this.#caughtUpMs = this.#readAllMs;
      this.#error = null;
      this.#failures = 0;
      this.#counts.stored += stored;
      this.#counts.repeats += repeats;
      this.#counts.expired += expired;
      this.#counts.erased += erased;
      this.#counts.refused += refused.length;
      this.#counts.batches += 1;
      this.#options.onStored(to);
    }
  }

  async #findCursor(connection: WriterConnection): Promise<number> {
    for (;;) {
      const spool = this.#options.spoolId();
      await connection.query('insert into spool_cursor (spool, position) values ($1, $2) on conflict do nothing', [
        spool,
        NEVER,
      ]);
      const { rows } = await connection.query('select position::text from spool_cursor where spool = $1', [spool]);
      const [row] = rows as { position: string }[];
      const position = Number(row?.position);
      if (!Number.isSafeInteger(position)) throw new ZhujiError('cursor-unreadable', 'the cursor is no position');
      if (position < this.#options.next()) return position;
      this.#options.renew();
    }
  }

  /** The next messages: as many as fill a batch, or those of the last 50 ms. None when it is time to stop. */
  async #gather(connection: WriterConnection): Promise<SpoolRecord[]> {
    const { reader, monoMs } = this.#options;
    const records: SpoolRecord[] = [];
    let rows = 0;
    let sinceMs: number | null = null;
    while (this.#isWanted && !connection.isBroken()) {
      if (this.#carry.length === 0) this.#carry = [...reader.next()];
      const isAtEnd = this.#carry.length === 0;
      if (isAtEnd) this.#readAllMs = monoMs();
      if (isAtEnd && records.length === 0) this.#caughtUpMs = this.#readAllMs;
      let taken = 0;
      for (const record of this.#carry) {
        if (rows >= BATCH_ROWS) break;
        records.push(record);
        rows += record.rows.length;
        taken += 1;
      }
      this.#carry.splice(0, taken);
      if (rows > 0) sinceMs ??= monoMs();
      const restMs = sinceMs === null ? IDLE_MS : sinceMs + BATCH_MS - monoMs();
      if (rows >= BATCH_ROWS || restMs <= 0) return records;
      if (isAtEnd) await this.#waitForNews(restMs);
      else await turn();
    }
    return [];
  }

  /** For so long, or until something is added or the connection breaks. */
  async #waitForNews(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wakeForNews = resolve;
    const newsTimer = setTimeout(resolve, ms);
    await promise;
    clearTimeout(newsTimer);
    this.#wakeForNews = null;
  }

  /** News do not shorten it: a server that is away would be asked as often as devices speak. */
  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wakeForStop = resolve;
    const backOffTimer = setTimeout(resolve, ms);
    await promise;
    clearTimeout(backOffTimer);
    this.#wakeForStop = null;
  }
}

/** Lets what waits in this thread be done: messages that want to be made durable. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

async function withinLimit<T>(work: Promise<T>, limitMs: number, onLate: () => void): Promise<T> {
  const limitTimer = setTimeout(onLate, limitMs);
  try {
    return await work;
  } finally {
    clearTimeout(limitTimer);
  }
}
