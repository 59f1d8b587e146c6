import { calcLinkHash, type ChainHead, type ChainLink } from './chain.ts';
import type { WrittenHead } from './head-file.ts';
import { parseObject } from './log-line.ts';

/**
 * What verification finds, and where:
 * - `gap`: entries before `seq` are gone; `changed`: the entry does not have its hash, or its columns say otherwise; `unlinked`: it does not hold the hash
 *   of the one before; `cut-tail`: the chain ends before an entry that it had; `recomputed`: it differs from a head that was
 *   written elsewhere
 * - `row-missing`, `row-changed`, `row-foreign`: a table says less, something else or more than the chain
 * - `frame-changed`, `words-changed`: a kept frame or text does not have its hash
 * - `erased-without-trace`: something was taken away and the chain does not say so
 */
export type ChainFault = {
  readonly code:
    | 'gap'
    | 'changed'
    | 'unlinked'
    | 'cut-tail'
    | 'recomputed'
    | 'row-missing'
    | 'row-changed'
    | 'row-foreign'
    | 'frame-changed'
    | 'words-changed'
    | 'erased-without-trace';
  /** Number of the entry, where it is about one. */
  readonly seq: number | null;
  /** Names of tables and ids. */
  readonly detail: string;
};

/** An entry with what stands beside it to be found by, of which nothing is hashed. `atMs`: epoch milliseconds. */
export type StoredLink = ChainLink & { readonly kind: string; readonly atMs: number };

/** Whether a piece of the chain hangs together and hangs on what comes before it. Pure. */
export function checkLinks(before: ChainHead, links: readonly StoredLink[]): ChainFault[] {
  const faults: ChainFault[] = [];
  let last = before;
  for (const link of links) {
    const { seq, entry, prev, hash } = link;
    if (seq !== last.seq + 1) {
      faults.push({ code: 'gap', seq, detail: `${seq - last.seq - 1} entries from ${last.seq + 1} on are gone` });
    } else if (!prev.equals(last.hash)) {
      faults.push({ code: 'unlinked', seq, detail: `does not hold the hash of entry ${last.seq}` });
    }
    if (!calcLinkHash(prev, entry).equals(hash)) {
      faults.push({ code: 'changed', seq, detail: 'the entry does not have its hash' });
    } else if (!isBeside(link)) {
      faults.push({ code: 'changed', seq, detail: 'its kind or time is not that of the entry' });
    }
    last = { seq, hash };
  }
  return faults;
}

function isBeside({ entry, kind, atMs }: StoredLink): boolean {
  const said: Record<string, unknown> = { ...parseObject(entry) };
  return said['kind'] === kind && Date.parse(String(said['at'])) === atMs;
}

/** The end of the chain against its own head. */
export function checkEnd(last: ChainHead, head: ChainHead): ChainFault[] {
  if (last.seq < head.seq) {
    return [
      { code: 'cut-tail', seq: last.seq + 1, detail: `the chain had ${head.seq} entries and ends at ${last.seq}` },
    ];
  }
  if (last.seq > head.seq || !last.hash.equals(head.hash)) {
    return [{ code: 'recomputed', seq: last.seq, detail: `the head says entry ${head.seq} and another hash` }];
  }
  return [];
}

/** A head written elsewhere against the entry of its number; `hash` null: the chain does not reach so far. */
export function checkHead(written: WrittenHead, hash: Buffer | null): ChainFault[] {
  const { seq } = written;
  if (seq === 0) return [];
  if (hash === null) return [{ code: 'cut-tail', seq, detail: `a head written elsewhere knows entry ${seq}` }];
  return hash.toString('hex') === written.hash
    ? []
    : [{ code: 'recomputed', seq, detail: 'a head written elsewhere has another hash' }];
}
