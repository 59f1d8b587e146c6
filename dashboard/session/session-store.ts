import { formatStoredSession, readStoredSession, type StoredSession } from './stored.ts';

const KEY = 'zhuji.session';

export type SessionState = {
  readonly session: StoredSession | null;
  /** The gateway no longer knows the session; the screen stays, so that nothing typed is lost. */
  readonly isEnded: boolean;
};

/** Narrow part of `localStorage`: all windows of the browser share one session, as they share the cookie. */
export type KeyValue = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export class SessionStore {
  readonly #storage: KeyValue;
  readonly #nowMs: () => number;
  readonly #listeners = new Set<() => void>();
  #state: SessionState;

  constructor(storage: KeyValue, nowMs: () => number) {
    this.#storage = storage;
    this.#nowMs = nowMs;
    this.#state = { session: readStoredSession(storage.getItem(KEY), nowMs()), isEnded: false };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): SessionState => this.#state;

  readonly begin = (session: StoredSession): void => {
    this.#storage.setItem(KEY, formatStoredSession(session));
    this.#put({ session, isEnded: false });
  };

  /** The gateway refused the session: ask for the password again, over the screen as it is. */
  readonly lose = (): void => {
    if (this.#state.session !== null && !this.#state.isEnded) this.#put({ ...this.#state, isEnded: true });
  };

  readonly end = (): void => {
    this.#storage.removeItem(KEY);
    this.#put({ session: null, isEnded: false });
  };

  /** Another window logged in or out. */
  readonly reread = (): void => {
    this.#put({ session: readStoredSession(this.#storage.getItem(KEY), this.#nowMs()), isEnded: false });
  };

  #put(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
