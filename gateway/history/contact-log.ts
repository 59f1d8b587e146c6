import type { ContactSink } from '../../devices/links/ports.ts';
import type { Clock } from '../clock.ts';
import { formatIso } from '../clock.ts';
import type { ContactKind, ContactRow } from './contact-row.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Rows that wait for the database: some hours of a thousand devices. Chosen. */
const MOST_WAITING = 50_000;
/** Names that the register does not know, a minute: a flood of them must not push others out. Chosen. */
const UNKNOWN_A_MINUTE = 120;
/** Different reasons of different devices that are counted at once. Chosen. */
const MOST_DROPPED = 5000;
/** A heartbeat may be late by one; after two and a half it is missed. Chosen. */
const MISSED_AFTER = 2.5;
/** This process came round no sooner: what was sent meanwhile may be lost. Chosen; shorter waits in buffers. */
const STOOD_STILL_MS = 60_000;

type Heard = {
  lastMonoMs: number;
  lastMs: number;
  rowMonoMs: number;
  count: number;
  isMissed: boolean;
  /** When it could not be heard last, because its way in was down; -Infinity: never. */
  deafMonoMs: number;
};
/** A device that has been silent for longer than its model may be. */
export type Overdue = { readonly deviceId: string; readonly everyS: number };
/** What was known of a device before this process began; `lastMs`: epoch milliseconds of its last sign of life. */
export type KnownBefore = { readonly deviceId: string; readonly lastMs: number; readonly isMissed: boolean };
/** One that is missed; `lastMs`: epoch milliseconds of its last sign of life; `hearingMs`: for how long its way in has been up. */
export type Missed = {
  readonly deviceId: string;
  readonly lastMs: number;
  readonly silentMs: number;
  readonly hearingMs: number;
};
type Dropped = { readonly deviceId: string; readonly reason: string; readonly sinceMonoMs: number; count: number };

/**
 * Turns signs of life into rows, bounded in memory: what does not fit is counted and the count is a row. Nobody waits for
 * it. `overdue` finds who is silent: whether it is missed or heard by another gateway is for whoever asks to say, by `miss` or
 * `forget`. Nobody is missed who could not be heard: time counts while this process comes round and the device's way in is up. `take`
 * hands out what waits.
 */
export class ContactLog implements ContactSink {
  readonly #clock: Clock;
  readonly #heartbeatS: (deviceId: string) => number | null;
  readonly #heard = new Map<string, Heard>();
  readonly #dropped = new Map<string, Dropped>();
  #waiting: ContactRow[] = [];
  #shed = 0;
  #unknown = { minuteMonoMs: 0, count: 0 };
  #tickMonoMs: number | null = null;
  #listeningMonoMs: number | null = null;

  /** `heartbeatS`: how often a device reports; null for one that the register does not know. */
  constructor(clock: Clock, heartbeatS: (deviceId: string) => number | null) {
    this.#clock = clock;
    this.#heartbeatS = heartbeatS;
  }

  readonly connected: ContactSink['connected'] = (deviceId, standing) => {
    if (standing === 'verified') {
      this.#add(deviceId, 'connected', {});
      this.heard(deviceId, standing);
    } else if (this.#isTaken(deviceId)) this.#add(deviceId, 'refused', { standing });
  };

  readonly disconnected: ContactSink['disconnected'] = (deviceId, standing) => {
    if (standing !== 'verified') return;
    const lastMs = this.#heard.get(deviceId)?.lastMs;
    this.#add(deviceId, 'disconnected', lastMs === undefined ? {} : { lastHeardAt: formatIso(lastMs) });
  };

  readonly heard: ContactSink['heard'] = (deviceId, standing) => {
    if (standing !== 'verified') return;
    const [monoMs, ms] = [this.#clock.monoMs(), this.#clock.nowMs()];
    const known = this.#heard.get(deviceId);
    if (known === undefined) {
      const times = { lastMonoMs: monoMs, lastMs: ms, rowMonoMs: monoMs, deafMonoMs: -Infinity };
      this.#heard.set(deviceId, { ...times, count: 0, isMissed: false });
      return;
    }
    if (known.isMissed) this.#add(deviceId, 'heard-again', { silentMs: Math.round(monoMs - known.lastMonoMs) });
    Object.assign(known, { lastMonoMs: monoMs, lastMs: ms, isMissed: false, count: known.count + 1 });
    if (monoMs - known.rowMonoMs < HOUR_MS) return;
    this.#add(deviceId, 'heard', { count: known.count });
    Object.assign(known, { rowMonoMs: monoMs, count: 0 });
  };

  /** The first of a kind at once, those that follow within a minute as a number. */
  readonly dropped: ContactSink['dropped'] = (deviceId, reason) => {
    const key = `${deviceId} ${reason}`;
    const known = this.#dropped.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#dropped.size >= MOST_DROPPED) this.#shed += 1;
    else if (this.#isTaken(deviceId)) {
      this.#dropped.set(key, { deviceId, reason, sinceMonoMs: this.#clock.monoMs(), count: 0 });
      this.#add(deviceId, 'dropped', { reason, count: 1 });
    }
  };

  /** Comes round every second. `canHear`: a device reaches this gateway, if it says anything. */
  tick(canHear: (deviceId: string) => boolean): void {
    const monoMs = this.#clock.monoMs();
    this.#listen(canHear, monoMs);
    for (const [key, { deviceId, reason, sinceMonoMs, count }] of this.#dropped) {
      if (monoMs - sinceMonoMs < MINUTE_MS) continue;
      if (count > 0) this.#add(deviceId, 'dropped', { reason, count });
      this.#dropped.delete(key);
    }
  }

  /** What an earlier process heard. A device that is not missed yet has as long as any to report from now on. */
  remember(devices: readonly KnownBefore[]): void {
    const [monoMs, ms] = [this.#clock.monoMs(), this.#clock.nowMs()];
    for (const { deviceId, lastMs, isMissed } of devices) {
      if (this.#heard.has(deviceId)) continue;
      const lastMonoMs = isMissed ? monoMs - Math.max(0, ms - lastMs) : monoMs;
      this.#heard.set(deviceId, { lastMonoMs, lastMs, rowMonoMs: monoMs, deafMonoMs: -Infinity, count: 0, isMissed });
    }
  }

  /** For how long this process has come round without a break; milliseconds. */
  hearingMs(): number {
    return this.#listeningMonoMs === null ? 0 : this.#clock.monoMs() - this.#listeningMonoMs;
  }

  overdue(): readonly Overdue[] {
    const found: Overdue[] = [];
    if (this.#listeningMonoMs === null) return found;
    for (const [deviceId, known] of this.#heard) {
      const everyS = this.#heartbeatS(deviceId);
      // It was taken out of the register.
      if (everyS === null) this.#heard.delete(deviceId);
      else if (this.#isOverdue(known, everyS)) found.push({ deviceId, everyS });
    }
    return found;
  }

  /** Nobody hears it: a row, unless it was heard meanwhile. */
  miss({ deviceId, everyS }: Overdue): void {
    const known = this.#heard.get(deviceId);
    if (known === undefined || !this.#isOverdue(known, everyS)) return;
    known.isMissed = true;
    this.#add(deviceId, 'missed-heartbeat', { lastHeardAt: formatIso(known.lastMs), everyS });
  }

  /** It reports elsewhere, unless it was heard here meanwhile. */
  forget({ deviceId, everyS }: Overdue): void {
    const known = this.#heard.get(deviceId);
    if (known !== undefined && this.#isOverdue(known, everyS)) this.#heard.delete(deviceId);
  }

  missed(): readonly Missed[] {
    const monoMs = this.#clock.monoMs();
    return [...this.#heard].flatMap(([deviceId, { isMissed, lastMs, lastMonoMs, deafMonoMs }]) =>
      isMissed ? [{ deviceId, lastMs, silentMs: monoMs - lastMonoMs, hearingMs: monoMs - deafMonoMs }] : [],
    );
  }

  /** One that is missed here reports elsewhere, unless it was heard here meanwhile. */
  leave(deviceId: string): void {
    if (this.#heard.get(deviceId)?.isMissed === true) this.#heard.delete(deviceId);
  }

  /** Who could not be heard, or nobody because it stood still, and was not missed before has as long as any to report. */
  #listen(canHear: (deviceId: string) => boolean, monoMs: number): void {
    const hasStoodStill = this.#tickMonoMs === null || monoMs - this.#tickMonoMs > STOOD_STILL_MS;
    this.#tickMonoMs = monoMs;
    if (hasStoodStill) this.#listeningMonoMs = monoMs;
    for (const [deviceId, known] of this.#heard) {
      const isDeaf = !canHear(deviceId);
      if (isDeaf) known.deafMonoMs = monoMs;
      if ((isDeaf || hasStoodStill) && !known.isMissed) known.lastMonoMs = monoMs;
    }
  }

  #isOverdue({ isMissed, lastMonoMs }: Heard, everyS: number): boolean {
    return !isMissed && this.#clock.monoMs() - lastMonoMs > everyS * 1000 * MISSED_AFTER;
  }

  /** The oldest rows that wait, at most `count`; they stay until `settle`. */
  take(count: number): readonly ContactRow[] {
    if (this.#shed > 0 && this.#waiting.length < MOST_WAITING) {
      this.#waiting.push({ deviceId: null, kind: 'shed', atMs: this.#clock.nowMs(), data: { count: this.#shed } });
      this.#shed = 0;
    }
    return this.#waiting.slice(0, count);
  }

  /** The first `count` rows are kept. */
  settle(count: number): void {
    this.#waiting = this.#waiting.slice(count);
  }

  /** Unknown names only up to a number a minute. */
  #isTaken(deviceId: string): boolean {
    if (this.#heartbeatS(deviceId) !== null) return true;
    const monoMs = this.#clock.monoMs();
    if (monoMs - this.#unknown.minuteMonoMs >= MINUTE_MS) this.#unknown = { minuteMonoMs: monoMs, count: 0 };
    this.#unknown.count += 1;
    if (this.#unknown.count <= UNKNOWN_A_MINUTE) return true;
    this.#shed += 1;
    return false;
  }

  #add(deviceId: string, kind: ContactKind, data: ContactRow['data']): void {
    if (this.#waiting.length >= MOST_WAITING) this.#shed += 1;
    else this.#waiting.push({ deviceId, kind, atMs: this.#clock.nowMs(), data });
  }
}
