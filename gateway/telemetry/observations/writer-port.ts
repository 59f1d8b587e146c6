import type { Observation } from '../observation.ts';

/** What runs a statement on the writer's own connection, inside its transaction or outside of it. Throws as `pg` does. */
export type WriterClient = {
  readonly query: (
    text: string,
    values?: unknown[],
  ) => Promise<{ readonly rows: unknown[]; readonly rowCount: number | null }>;
};

/**
 * What the writer of the vitals lane must know of the table. It is made in the lane's thread, by `createWriterTable(…)` of
 * `writer-table.ts`, anew for each connection: what it remembers is true of that database as it was since.
 * Beside it the migrations make `spool_cursor(spool text primary key, position int8 not null)`, which the writer alone uses.
 */
export type ObservationsTable = {
  /**
   * The first moment whose readings are stored, epoch milliseconds; what is older would be gone at the next look. Runs before
   * each batch, outside of its transaction, and asks the server only where there is something so old.
   */
  readonly keptFrom: (client: WriterClient, minTs: number) => Promise<number>;
  /**
   * Makes the days (partitions) from `minTs` to `maxTs`, epoch milliseconds, both included. Runs before each batch and outside
   * of its transaction; remembers what it made, so that it costs nothing where they are there.
   */
  readonly ensureDays: (client: WriterClient, minTs: number, maxTs: number) => Promise<void>;
  /**
   * In the writer's transaction, before the rows: what late rows must mark. Answers the rows that are to be stored: those of
   * people who were erased are not.
   */
  readonly beforeRows: (client: WriterClient, rows: readonly Observation[]) => Promise<readonly Observation[]>;
  /**
   * `copy observations (…) from stdin (format binary)` with the columns in this order and with these types: device_id text,
   * resident_id text or null, ts timestamptz, metric text, value float8, flags int2, received_at timestamptz.
   */
  readonly copy: string;
  /**
   * For a batch with rows that are there already (23505), in one transaction: `makeStaging` (a temporary table, made if absent,
   * empty when the transaction begins), COPY of the same columns into it, `mergeStaging` (insert … on conflict do nothing; its
   * row count is what was stored).
   */
  readonly makeStaging: string;
  readonly copyStaging: string;
  readonly mergeStaging: string;
};
