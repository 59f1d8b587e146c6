import type { Arrival, ContactSink } from '../../devices/links/ports.ts';
import type { DirectoryAddress } from './addresses.ts';
import type { Directory } from './directory.ts';

const DAY_MS = 24 * 60 * 60_000;

export type Seen = { readonly id: number; readonly atMs: number };

/**
 * From which numbers something came while they were their devices' own: news at most once a day each, so that whoever keeps it
 * writes little. In memory, bounded by the register; what is lost with the process comes with the next call.
 */
export class Sightings {
  readonly #directory: () => Pick<Directory, 'device' | 'addressesOf'>;
  /** Whether all that is ever heard of such a model comes by its number. */
  readonly #isHeardByNumber: (model: string) => boolean;
  readonly #nowMs: () => number;
  readonly #news = new Map<number, number>();

  constructor(deps: {
    readonly directory: () => Pick<Directory, 'device' | 'addressesOf'>;
    readonly isHeardByNumber: (model: string) => boolean;
    readonly nowMs: () => number;
  }) {
    this.#directory = deps.directory;
    this.#isHeardByNumber = deps.isHeardByNumber;
    this.#nowMs = deps.nowMs;
  }

  /** An alarm that is kept: a call, or an SMS. */
  came({ deviceId, standing, caller }: Pick<Arrival, 'deviceId' | 'standing' | 'caller'>): void {
    if (caller?.whose !== 'device' || standing !== 'verified') return;
    const address = this.#numbersOf(deviceId).find(({ value }) => value === caller.number);
    if (address !== undefined) this.#see(address);
  }

  /** Something else that came, such as a report by SMS: it tells of the number where the device has one and nothing beside. */
  readonly heard: ContactSink['heard'] = (deviceId, standing) => {
    if (standing !== 'verified') return;
    const model = this.#directory().device(deviceId)?.model;
    if (model === undefined || !this.#isHeardByNumber(model)) return;
    const [address, ...others] = this.#numbersOf(deviceId);
    if (address !== undefined && others.length === 0) this.#see(address);
  };

  take(): readonly Seen[] {
    const taken = [...this.#news].map(([id, atMs]) => ({ id, atMs }));
    this.#news.clear();
    return taken;
  }

  /** News that could not be kept. */
  giveBack(news: readonly Seen[]): void {
    for (const { id, atMs } of news) if (!this.#news.has(id)) this.#news.set(id, atMs);
  }

  #numbersOf(deviceId: string): DirectoryAddress[] {
    return this.#directory()
      .addressesOf(deviceId)
      .filter(({ kind }) => kind === 'number');
  }

  #see({ id, seenAt, isConfirmed }: DirectoryAddress): void {
    const nowMs = this.#nowMs();
    const lastMs = this.#news.get(id) ?? (seenAt === null ? 0 : Date.parse(seenAt));
    // A clock that was ahead must not keep it from being seen.
    const isNews = nowMs - lastMs >= DAY_MS || lastMs > nowMs;
    if (isNews && isConfirmed) this.#news.set(id, nowMs);
  }
}
