import type { AlarmEvent } from '../../../devices/event.ts';
import type { AlarmEntry } from './alarm-group.ts';
import { isUrgent, lineOf } from './dispatch-line.ts';
import { comparePositions } from '../log/log-position.ts';

/**
 * An entry of the stream and what it says; null where nobody can read it, or nobody has looked because it is suspected of
 * having ended the processes that did: then it is decided while nothing else is.
 */
export type InHand = { readonly entry: AlarmEntry; readonly event: AlarmEvent | null; readonly isSuspect: boolean };

/** `again`: it could not be decided and is tried once more, beside the others. A rejection stops everything. */
export type Handle = (inHand: InHand) => Promise<'done' | 'again'>;

export type LineBounds = {
  /** Entries of one line in hand; what more it has stays in the stream until there is room. */
  readonly perLine: number;
  readonly entries: number;
  readonly bytes: number;
  /** How many are decided side by side. */
  readonly sideBySide: number;
  readonly againAfterMs: number;
  /** One turn in so many goes to those that can wait, however many urgent ones there are; likewise to suspects. */
  readonly othersEvery: number;
};

/** All chosen. */
const BOUNDS: LineBounds = {
  perLine: 64,
  entries: 4096,
  bytes: 32 * 1024 * 1024,
  sideBySide: 64,
  againAfterMs: 200,
  othersEvery: 8,
};

type Line = {
  readonly queue: InHand[];
  /** Its entries are decided while nothing else is. */
  readonly isAlone: boolean;
  /** One of its entries is being decided, or it waits for its turn. */
  isServed: boolean;
  /** From this entry on its entries were left pending in the stream, so that its order is kept. */
  leftFrom: string | null;
  isRefilling: boolean;
};

/**
 * The alarms that were read and are not decided. Each line in its order, lines in turn, urgent ones first: a flood from one
 * sender waits for itself and for nobody else. What does not fit stays pending in the stream, which has it safe, and is read
 * again when its line has room (`beginRefill` … `endRefill`).
 */
export class DispatchLines {
  readonly #handle: Handle;
  readonly #monoMs: () => number;
  readonly #pause: (ms: number) => Promise<void>;
  readonly #bounds: LineBounds;
  readonly #lines = new Map<string, Line>();
  readonly #turns: Record<'urgent' | 'others' | 'alone', Line[]> = { urgent: [], others: [], alone: [] };
  readonly #inHand = new Set<string>();
  readonly #active = new Map<InHand, { readonly sinceMonoMs: number; readonly done: Promise<void> }>();
  #bytes = 0;
  #turn = 0;
  /** A suspect is next, as soon as nothing else is under way. */
  #isAloneDue = false;
  #isAlone = false;
  #epoch = 0;
  #fault: { readonly error: unknown } | null = null;
  #progress = Promise.withResolvers<void>();

  constructor(deps: {
    readonly handle: Handle;
    readonly monoMs: () => number;
    /** Never rejects; may end early when nothing more is wanted. */
    readonly pause: (ms: number) => Promise<void>;
    readonly bounds?: Partial<LineBounds>;
  }) {
    this.#handle = deps.handle;
    this.#monoMs = deps.monoMs;
    this.#pause = deps.pause;
    this.#bounds = { ...BOUNDS, ...deps.bounds };
  }

  /** Puts an entry into its line, or leaves it in the stream. One that is in hand already is passed over. */
  take(inHand: InHand): void {
    const { id } = inHand.entry;
    if (this.#inHand.has(id)) return;
    const line = this.#lineFor(inHand);
    const isBehindLeft = line.leftFrom !== null && !line.isRefilling && comparePositions(id, line.leftFrom) >= 0;
    if (isBehindLeft) return;
    if (line.queue.length >= this.#bounds.perLine) {
      // A refill has taken everything up to here.
      if (line.isRefilling || line.leftFrom === null || comparePositions(id, line.leftFrom) < 0) line.leftFrom = id;
      line.isRefilling = false;
      return;
    }
    this.#inHand.add(id);
    this.#bytes += bytesOf(inHand);
    line.queue.push(inHand);
    this.#serve(line);
  }

  /** False when so much is in hand that nothing more may be read; `progress` says when to look again. */
  hasRoom(): boolean {
    return this.#inHand.size < this.#bounds.entries && this.#bytes < this.#bounds.bytes;
  }

  hasLeft(): boolean {
    return [...this.#lines.values()].some(({ leftFrom }) => leftFrom !== null);
  }

  /** Resolves when one more was decided or failed, at once when nothing is in hand. */
  progress(): Promise<void> {
    return this.#inHand.size === 0 || this.#fault !== null ? Promise.resolve() : this.#progress.promise;
  }

  /** Why everything stands still, until `drop`. */
  fault(): { readonly error: unknown } | null {
    return this.#fault;
  }

  /** The id after which pending entries are to be read and taken; null while no line that left something has room. */
  beginRefill(): string | null {
    let from: string | null = null;
    for (const line of this.#lines.values()) {
      if (line.leftFrom === null || line.queue.length > this.#bounds.perLine / 2) continue;
      line.isRefilling = true;
      if (from === null || comparePositions(line.leftFrom, from) < 0) from = line.leftFrom;
    }
    return from === null ? null : justBefore(from);
  }

  /** False when every line that was being refilled is full again. */
  isRefilling(): boolean {
    return [...this.#lines.values()].some((line) => line.isRefilling);
  }

  /** Reading came to the end of what was pending: a line that is still being refilled has left nothing. */
  endRefill(): void {
    for (const line of this.#lines.values()) {
      if (line.isRefilling) line.leftFrom = null;
      line.isRefilling = false;
    }
  }

  /** Since when the oldest decision has been under way. */
  busySinceMonoMs(): number | null {
    const [oldest] = this.#active.values();
    return oldest?.sinceMonoMs ?? null;
  }

  /** Forgets what is in hand; all of it is pending in the stream. Resolves when nothing is under way any more. */
  async drop(): Promise<void> {
    this.#fault ??= { error: null };
    await Promise.all([...this.#active.values()].map(({ done }) => done));
    this.#lines.clear();
    for (const turns of Object.values(this.#turns)) turns.length = 0;
    this.#isAloneDue = false;
    this.#epoch += 1;
    this.#inHand.clear();
    this.#bytes = 0;
    this.#fault = null;
  }

  #lineFor({ event, isSuspect }: InHand): Line {
    const key = isSuspect ? 'alone' : lineOf(event);
    const known = this.#lines.get(key);
    if (known !== undefined) return known;
    this.#forgetIdle();
    const line: Line = { queue: [], isAlone: isSuspect, isServed: false, leftFrom: null, isRefilling: false };
    this.#lines.set(key, line);
    return line;
  }

  /** Lines are cheap, and yet names are without number. */
  #forgetIdle(): void {
    if (this.#lines.size < 2 * this.#bounds.entries) return;
    for (const [key, line] of this.#lines) if (!line.isServed && line.leftFrom === null) this.#lines.delete(key);
  }

  #serve(line: Line): void {
    const [first] = line.queue;
    if (line.isServed || first === undefined) return;
    line.isServed = true;
    this.#turns[line.isAlone ? 'alone' : isUrgent(first.event) ? 'urgent' : 'others'].push(line);
    this.#pump();
  }

  #pump(): void {
    while (this.#fault === null && !this.#isAlone && this.#active.size < this.#bounds.sideBySide) {
      const line = this.#nextLine();
      const inHand = line?.queue.shift();
      if (line === undefined || inHand === undefined) return;
      this.#isAlone = line.isAlone;
      const done = this.#run(line, inHand);
      this.#active.set(inHand, { sinceMonoMs: this.#monoMs(), done });
    }
  }

  #nextLine(): Line | undefined {
    const { urgent, others, alone } = this.#turns;
    this.#turn += 1;
    const isTurnOfOthers = this.#turn % this.#bounds.othersEvery === 0;
    if (alone.length > 0 && (isTurnOfOthers || urgent.length + others.length === 0)) this.#isAloneDue = true;
    if (this.#isAloneDue) {
      if (this.#active.size > 0) return undefined;
      this.#isAloneDue = false;
      return alone.shift();
    }
    if (isTurnOfOthers) return others.shift() ?? urgent.shift();
    return urgent.shift() ?? others.shift();
  }

  /** Never rejects. */
  async #run(line: Line, inHand: InHand): Promise<void> {
    try {
      const outcome = await this.#handle(inHand);
      if (outcome === 'done') this.#release(inHand);
      else void this.#tryAgain(line, inHand);
    } catch (error) {
      this.#fault ??= { error };
    }
    this.#active.delete(inHand);
    this.#isAlone = false;
    line.isServed = false;
    this.#serve(line);
    this.#pump();
    this.#progress.resolve();
    this.#progress = Promise.withResolvers<void>();
  }

  /** At the head of its line, after a moment in which the others of its line go on. Never rejects. */
  async #tryAgain(line: Line, inHand: InHand): Promise<void> {
    const epoch = this.#epoch;
    await this.#pause(this.#bounds.againAfterMs);
    if (epoch !== this.#epoch) return;
    line.queue.unshift(inHand);
    this.#serve(line);
  }

  #release(inHand: InHand): void {
    if (this.#inHand.delete(inHand.entry.id)) this.#bytes -= bytesOf(inHand);
  }
}

function bytesOf({ entry }: InHand): number {
  return entry.text?.length ?? 0;
}

/** The greatest id below every entry of the same millisecond: what stands between is passed over when it is read again. */
function justBefore(id: string): string {
  const ms = BigInt(id.split('-')[0] ?? 0);
  return ms === 0n ? '0' : `${ms - 1n}-18446744073709551615`;
}
