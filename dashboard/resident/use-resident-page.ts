import { useEffect, useRef, useSyncExternalStore } from 'react';
import { readResidentHash } from './hash.ts';

export type ResidentPage = {
  /** Whose page is asked for; null: none. */
  readonly id: string | null;
  readonly leave: () => void;
};

/**
 * The page stands in the address. It gives way to a case that opens: by hand, or because it rings and no other was open; an
 * alarm goes before reading.
 */
export function useResidentPage(openedId: string | null): ResidentPage {
  const id = useSyncExternalStore(subscribeHash, () => readResidentHash(window.location.hash));
  const last = useRef(openedId);
  useEffect(() => {
    // The same case that was away for a moment, because the list was read anew, is no other.
    if (openedId === null || openedId === last.current) return;
    last.current = openedId;
    leave();
  }, [openedId]);
  return { id, leave };
}

function leave(): void {
  if (readResidentHash(window.location.hash) !== null) window.location.hash = '';
}

function subscribeHash(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}
