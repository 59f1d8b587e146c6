import type { Device, Home, Resident } from '../../gateway/api/contract/registry.ts';
import type { Api } from '../api/client.ts';

type Kinds = { readonly residents: Resident; readonly homes: Home; readonly devices: Device };
export type Kind = keyof Kinds;

/** `missing`: not registered or outside one's region (the gateway tells these alike). */
export type Entry<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'known'; readonly value: T }
  | { readonly state: 'missing' }
  | { readonly state: 'failed' };

const LOADING = { state: 'loading' } as const;
/** Requests at a time (chosen): a flood of alarms must not make the browser queue commands behind look-ups. */
const AT_ONCE = 3;
/** What could not be read is asked for again after this long. */
const RETRY_MS = 5000;

/**
 * Residents, homes and devices that the screen speaks of, read once and kept. Reading never waits: what is not there yet
 * shows as loading, and the alarm is shown without it.
 */
export class RegisterCache {
  readonly #api: Pick<Api, 'get'>;
  readonly #monoMs: () => number;
  readonly #entries = new Map<string, Entry<unknown>>();
  readonly #failedAtMs = new Map<string, number>();
  readonly #waiting: string[] = [];
  readonly #listeners = new Set<() => void>();
  #running = 0;
  #revision = 0;

  constructor(api: Pick<Api, 'get'>, monoMs: () => number) {
    this.#api = api;
    this.#monoMs = monoMs;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Changes whenever an entry does. */
  readonly revision = (): number => this.#revision;

  readonly get = <K extends Kind>(kind: K, id: string): Entry<Kinds[K]> => {
    const found = this.#entries.get(`${kind}/${id}`) as Entry<Kinds[K]> | undefined;
    return found ?? LOADING;
  };

  /** Asks for what is not known. Call it from an effect. */
  readonly want = (kind: Kind, id: string): void => {
    const path = `${kind}/${id}`;
    const failedAtMs = this.#failedAtMs.get(path);
    const isDue = failedAtMs !== undefined && this.#monoMs() - failedAtMs >= RETRY_MS;
    if (this.#entries.has(path) && !isDue) return;
    this.#failedAtMs.delete(path);
    if (!this.#entries.has(path)) this.#entries.set(path, LOADING);
    this.#waiting.push(path);
    this.#next();
  };

  /** Reads it again, first in line; what is known stays until the answer. For the case or the page that somebody opens. */
  readonly refresh = (kind: Kind, id: string): void => {
    const path = `${kind}/${id}`;
    // Once, however often it is asked for while a gateway that hangs keeps all others waiting.
    const before = this.#waiting.indexOf(path);
    if (before >= 0) this.#waiting.splice(before, 1);
    this.#waiting.unshift(path);
    if (!this.#entries.has(path)) this.#entries.set(path, LOADING);
    this.#next();
  };

  /** What a search found need not be asked for again. */
  readonly learn = <K extends Kind>(kind: K, value: Kinds[K]): void =>
    this.#put(`${kind}/${value.id}`, { state: 'known', value });

  readonly clear = (): void => {
    this.#entries.clear();
    this.#failedAtMs.clear();
    this.#waiting.length = 0;
  };

  #next(): void {
    while (this.#running < AT_ONCE) {
      const path = this.#waiting.shift();
      if (path === undefined) return;
      this.#running += 1;
      void this.#read(path).finally(() => {
        this.#running -= 1;
        this.#next();
      });
    }
  }

  async #read(path: string): Promise<void> {
    const [kind, id] = path.split('/') as [string, string];
    const result = await this.#api.get<unknown>(`/${kind}/${encodeURIComponent(id)}`);
    if (result.ok) return this.#put(path, { state: 'known', value: result.value });
    if (result.failure.code === 'not-found') return this.#put(path, { state: 'missing' });
    this.#failedAtMs.set(path, this.#monoMs());
    if (this.#entries.get(path)?.state !== 'known') this.#put(path, { state: 'failed' });
  }

  #put(path: string, entry: Entry<unknown>): void {
    this.#entries.set(path, entry);
    this.#revision += 1;
    for (const listener of this.#listeners) listener();
  }
}
