/** Duty as it is kept in Redis. `epoch`: sessions that were revoked since take it with them. */
export type DutyRecord = {
  readonly on: boolean;
  readonly sound: boolean;
  /** Sessions (log-ins) that proved that they can be heard: of each computer its own, so that none speaks for another. */
  readonly heard: readonly string[];
  /** When it was said and until when it holds, epoch milliseconds of the gateway that wrote it. */
  readonly at: number;
  readonly until: number;
  readonly epoch: number;
};

/** How long a helper who said so is on duty without any further sign of life: reached by their own telephone. Chosen. */
export const HELPER_DUTY_MS = 12 * 60 * 60 * 1000;

/** Nothing that is kept holds for longer, whatever it says. */
const LONGEST_MS = 3 * 24 * 60 * 60 * 1000;

/** Computers of one person at a time; the oldest is forgotten first. Chosen. */
const MOST_HEARD = 8;

export type SaidDuty = Pick<DutyRecord, 'on' | 'sound' | 'heard'>;

/**
 * What a session says, put to what the person's other sessions said. On and off are the person's, whichever session says it;
 * sound is each session's own: one that cannot be heard takes nothing from another that can. Pure.
 */
export function mergeDuty(
  held: SaidDuty | null,
  said: { readonly on: boolean; readonly sound: boolean },
  sessionId: string,
): SaidDuty {
  if (!said.on) return { on: false, sound: false, heard: [] };
  const others = held?.on === true ? held.heard.filter((id) => id !== sessionId) : [];
  const heard = said.sound ? [...others, sessionId].slice(-MOST_HEARD) : others;
  return { on: true, sound: heard.length > 0, heard };
}

type Entry = { readonly raw: string; readonly duty: DutyRecord; readonly endsMonoMs: number };

/**
 * Who said that they are on duty, and until when on this gateway's monotonic clock. Pure bookkeeping. A record that is
 * seen to change is new; only at a start its age is taken from the wall clock, and believed within 0 … its span.
 */
export class DutyBook {
  readonly #entries = new Map<string, Entry>();

  take(
    userId: string,
    raw: string,
    now: { readonly wallMs: number; readonly monoMs: number },
    isAtStart: boolean,
  ): void {
    if (this.#entries.get(userId)?.raw === raw) return;
    const duty = parseDuty(raw);
    if (duty === null) return;
    const spanMs = Math.min(Math.max(0, duty.until - duty.at), LONGEST_MS);
    const leftMs = isAtStart ? Math.min(Math.max(0, duty.until - now.wallMs), spanMs) : spanMs;
    this.#entries.set(userId, { raw, duty, endsMonoMs: now.monoMs + leftMs });
  }

  /** What counts now of what a person said; null when they said nothing or it is over. */
  find(userId: string, epoch: number, monoMs: number): (SaidDuty & { readonly until: number }) | null {
    const entry = this.#entries.get(userId);
    if (entry === undefined || entry.duty.epoch !== epoch || monoMs >= entry.endsMonoMs) return null;
    const { on, sound, heard, until } = entry.duty;
    return { on, sound, heard, until };
  }

  /** What was taken, as it was written, by user. */
  raws(): readonly (readonly [string, string])[] {
    return [...this.#entries].map(([userId, { raw }]) => [userId, raw] as const);
  }
}

function parseDuty(raw: string): DutyRecord | null {
  try {
    const { on, sound, heard, at, until, epoch } = (JSON.parse(raw) ?? {}) as Partial<DutyRecord>;
    if (typeof at !== 'number' || typeof until !== 'number' || typeof epoch !== 'number') return null;
    const sessions = Array.isArray(heard) ? heard.filter((id) => typeof id === 'string').slice(-MOST_HEARD) : [];
    return { on: on === true, sound: sound === true, heard: sessions, at, until, epoch };
  } catch (error) {
    // Written by nobody of ours; it says nothing.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
