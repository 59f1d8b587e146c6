/** A case as it is known elsewhere: enough to see whether Redis has an older one or none. */
export type KnownCase = { readonly id: string; readonly version: number };

/** A case as Redis had it, in its very texts. What was erased is left out. */
export type WholeCase = {
  /** The record's JSON. */
  readonly record: string;
  /** `<log id>\n<entry JSON>`, in order. */
  readonly lines: readonly string[];
  /** Its alarms in order. */
  readonly alarms: readonly Omit<DecidedAlarm, 'incidentId'>[];
  /** Alarms that joined it only after Redis had lost this version: who worked on it then could not have heard of them. */
  readonly unheard: readonly string[];
  /** What people said; `json` as it lay under the key of `ref`. */
  readonly texts: readonly { readonly ref: string; readonly json: string }[];
};

/** An alarm that was decided: in which case it is (null: in none), when it came (epoch milliseconds), and itself unless it was erased. */
export type DecidedAlarm = {
  readonly id: string;
  readonly incidentId: string | null;
  readonly receivedAt: number;
  readonly json: string | null;
};

/** What may have been erased: keys of words and of alarms. */
export type Erasable = { readonly refs: readonly string[]; readonly eventIds: readonly string[] };

/**
 * What somebody else than Redis and this gateway knows of cases: what PostgreSQL has. In pages, so that many cases are never
 * in memory at once. Everything rejects while it is away.
 */
export type OtherMemory = {
  /** Every open case, the most urgent first. */
  readonly open: () => AsyncIterable<readonly KnownCase[]>;
  /** Cases closed at `sinceMs` (epoch milliseconds) or later, in the order of closing. */
  readonly closed: (sinceMs: number) => AsyncIterable<readonly KnownCase[]>;
  /** Those of these that it knows, open and closed. */
  readonly find: (ids: readonly string[]) => Promise<readonly KnownCase[]>;
  readonly load: (ids: readonly string[]) => Promise<readonly WholeCase[]>;
  /** Alarms that came at `sinceMs` or later, in the order of coming; repeats, of which nothing is kept but the id, last. */
  readonly decided: (sinceMs: number) => AsyncIterable<readonly DecidedAlarm[]>;
  /** Names the last erasure: as long as it is the same, nothing more was erased. */
  readonly lastErasure: () => Promise<string>;
  /** Those of these that were erased. */
  readonly erasedOf: (held: Erasable) => Promise<Erasable>;
};
