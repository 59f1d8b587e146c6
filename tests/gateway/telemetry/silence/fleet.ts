import { ContactLog } from '../../../../gateway/history/contact-log.ts';
import type { OpenIncident } from '../../../../gateway/incidents/record.ts';
import { RestoreWatch } from '../../../../gateway/telemetry/silence/restore-watch.ts';
import { SilenceBook } from '../../../../gateway/telemetry/silence/silence-book.ts';
import { SILENCE_LIMITS, silentAfterMs } from '../../../../gateway/telemetry/silence/silence-rules.ts';
import { nextId, openIncident } from '../../incidents/build.ts';

export const HEARTBEAT_S = 120;
export const SILENT_AFTER_MS = silentAfterMs({ mobility: 'fixed', heartbeatS: HEARTBEAT_S });
/** A look, and what the database and the board take. */
export const LOOK_MS = 10_000;

type Row = { readonly gateway: string; readonly lastMs: number; readonly isMissed: boolean };
type Gateway = {
  log: ContactLog;
  book: SilenceBook;
  restores: RestoreWatch;
  heard: Map<string, number>;
  sinceMs: number;
  many: readonly string[];
};
type Device = { at: string | null; nextMs: number; lastMs: number | null; raises: number };

/** Gateways and devices on one clock, with one register of rows and one board, as they share Postgres and Redis. */
export class Fleet {
  readonly #gateways = new Map<string, Gateway>();
  readonly devices = new Map<string, Device>();
  readonly #reports = new Map<string, string>();
  readonly #rows = new Map<string, Row>();
  readonly open = new Map<string, OpenIncident>();
  now = 0;
  /** The case of many is open. */
  isToldOfMany = false;

  constructor(gateways: readonly string[], devices: readonly string[]) {
    for (const id of devices) this.devices.set(id, { at: null, nextMs: 0, lastMs: null, raises: 0 });
    for (const name of gateways) this.restart(name);
  }

  /** What was in its memory is gone. */
  restart(name: string): void {
    const clock = { nowMs: () => this.now, monoMs: () => this.now };
    const log = new ContactLog(clock, () => HEARTBEAT_S);
    const mine = [...this.#rows].filter(([, { gateway }]) => gateway === name);
    log.tick(() => true);
    log.remember(mine.map(([deviceId, { lastMs, isMissed }]) => ({ deviceId, lastMs, isMissed })));
    const [book, restores] = [new SilenceBook(SILENCE_LIMITS), new RestoreWatch()];
    this.#gateways.set(name, { log, book, restores, heard: new Map(), sinceMs: this.now, many: [] });
    if (this.isToldOfMany) book.adoptMany(this.now);
    // Their connections broke: who lives is back at once.
    for (const device of this.devices.values()) if (device.at === name) device.nextMs = this.now;
  }

  /** Closed by a person although nothing has changed. */
  closeByHand(id: string): void {
    this.open.delete(id);
  }

  connect(id: string, gateway: string | null): void {
    const device = this.devices.get(id);
    if (device !== undefined) Object.assign(device, { at: gateway, nextMs: this.now });
  }

  sinceOf(gateway: string): number {
    return this.#gateways.get(gateway)?.sinceMs ?? 0;
  }

  hearerOf(id: string): string | undefined {
    return this.#reports.get(id);
  }

  pass(ms: number, check: () => void = () => undefined): void {
    for (const end = this.now + ms; this.now < end;) {
      this.now += LOOK_MS;
      for (const [id, device] of this.devices) this.#report(id, device);
      for (const [name, gateway] of this.#gateways) this.#turn(name, gateway);
      check();
    }
  }

  #report(id: string, device: Device): void {
    const gateway = this.#gateways.get(device.at ?? '');
    if (device.at === null || gateway === undefined || this.now < device.nextMs) return;
    Object.assign(device, { nextMs: this.now + HEARTBEAT_S * 1000, lastMs: this.now, raises: 0 });
    gateway.log.heard(id, 'verified');
    gateway.heard.set(id, this.now);
    this.#reports.set(id, device.at);
    this.#rows.set(id, { gateway: device.at, lastMs: this.now, isMissed: false });
  }

  /** Whether a gateway tells it as one of many. */
  isOneOfMany(id: string): boolean {
    return [...this.#gateways.values()].some(({ many }) => many.includes(id));
  }

  #turn(name: string, gateway: Gateway): void {
    const { log, book, restores, heard } = gateway;
    log.tick(() => true);
    for (const overdue of log.overdue()) {
      const { deviceId } = overdue;
      if (this.#reports.get(deviceId) !== name) log.forget(overdue);
      else {
        log.miss(overdue);
        this.#rows.set(deviceId, { gateway: name, lastMs: this.devices.get(deviceId)?.lastMs ?? 0, isMissed: true });
      }
    }
    for (const { id, deviceId } of restores.look(this.now, [...this.open.values()])) {
      if (deviceId !== null && restores.isHeardSince(id, heard.get(deviceId) ?? null)) this.open.delete(deviceId);
    }
    const missed = log.missed().map(({ deviceId, silentMs, hearingMs }) => ({
      mobility: deviceId.startsWith('watch') ? ('carried' as const) : ('fixed' as const),
      ...{ deviceId, subject: deviceId, silentMs, hearingMs, silentAfterMs: SILENT_AFTER_MS, isSupervised: true },
      isOpen: this.open.has(deviceId),
    }));
    const asked = book.look(this.now, log.hearingMs(), missed);
    if (asked === null) return;
    const here = asked.filter((id) => this.#reports.get(id) === name);
    for (const id of asked) if (!here.includes(id)) log.leave(id);
    const { raise, many } = book.decide(this.now, new Set(here), new Set());
    for (const id of raise) this.#raise(id);
    gateway.many = many ?? [];
    this.isToldOfMany = [...this.#gateways.values()].some((one) => one.many.length > 0);
  }

  #raise(id: string): void {
    const device = this.devices.get(id);
    if (device !== undefined) device.raises += 1;
    this.open.set(id, openIncident({ id: `inc-${nextId()}` as OpenIncident['id'], type: 'silent', deviceId: id }));
  }
}
