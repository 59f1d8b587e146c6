import type { JournalEntry } from '../../../../gateway/ingest/journal/entry.ts';
import type { StoreNotice } from '../../../../gateway/ingest/journal/notice.ts';
import { JOURNAL_DEFAULTS } from '../../../../gateway/ingest/journal/settings.ts';
import { JournalStore } from '../../../../gateway/ingest/journal/store.ts';
import { idOf } from '../events.ts';
import type { MemoryDisk } from '../../segments/memory-disk.ts';

export const SETTINGS = { ...JOURNAL_DEFAULTS, segmentBytes: 8192, sliceBytes: 2048, reserveBytes: 16_384 };
export const DAY_MS = 24 * 60 * 60 * 1000;

type Bench = { store: JournalStore; notices: StoreNotice[]; time: { wallMs: number; monoMs: number } };

export function openStore(memory: MemoryDisk, time = { wallMs: 0, monoMs: 0 }): Bench {
  const notices: StoreNotice[] = [];
  const store = new JournalStore({
    disk: memory.disk,
    folder: '/journal',
    settings: SETTINGS,
    nowMs: () => time.wallMs,
    monoMs: () => time.monoMs,
    notify: (notice) => notices.push(notice),
  });
  store.open();
  return { store, notices, time };
}

export function alarm(n: number, bytes = 20): JournalEntry {
  return { kind: 'alarm', id: idOf(n), json: Buffer.alloc(bytes, `${n} `) };
}

export function drain(store: JournalStore): void {
  while (store.idle());
}

/** The numbers of the alarms that a store gives back. */
export function read(store: JournalStore, want: 'unsettled' | 'all'): number[] {
  drain(store);
  const numbers: number[] = [];
  for (let after = -1; ;) {
    const page = store.page(after, want);
    numbers.push(...page.payloads.map((payload) => Number.parseInt(Buffer.from(payload).toString(), 10)));
    if (page.next === null) return numbers;
    after = page.next;
  }
}
