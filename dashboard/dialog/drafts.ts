import { useState } from 'react';

/** What people have typed and not sent yet, by what it is about: it outlives closing a dialog and changing the case. */
export class DraftStore {
  readonly #drafts = new Map<string, unknown>();

  readonly get = <T>(key: string, initial: T): T => (this.#drafts.has(key) ? (this.#drafts.get(key) as T) : initial);

  readonly set = (key: string, draft: unknown): void => {
    this.#drafts.set(key, draft);
  };

  readonly drop = (key: string): void => {
    this.#drafts.delete(key);
  };

  readonly clear = (): void => this.#drafts.clear();
}

export type Draft<T> = {
  readonly value: T;
  readonly set: (value: T) => void;
  /** After it was sent. */
  readonly drop: () => void;
};

/** Give the component a `key` that contains the draft's, so that another draft starts another component. */
export function useDraft<T>(drafts: DraftStore, key: string, initial: T): Draft<T> {
  const [value, setValue] = useState<T>(() => drafts.get(key, initial));
  return {
    value,
    set: (next) => {
      drafts.set(key, next);
      setValue(next);
    },
    drop: () => {
      drafts.drop(key);
      setValue(initial);
    },
  };
}
