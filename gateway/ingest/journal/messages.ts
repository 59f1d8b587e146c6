import type { JournalErrorCode } from '../../errors.ts';
import type { Wanted } from './archive.ts';
import type { StoreNotice } from './notice.ts';
import type { JournalSettings } from './settings.ts';
import type { StoreStats } from './store.ts';

/** What the worker is started with. */
export type WorkerSetup = {
  readonly folder: string;
  readonly settings: JournalSettings;
  /** A module that exports `createDisk(options): Disk`; null for the real disk. */
  readonly disk: { readonly module: string; readonly options: unknown } | null;
};

export type ToWorker =
  | { readonly kind: 'append'; readonly request: number; readonly id: string; readonly json: Uint8Array }
  | { readonly kind: 'settle'; readonly id: string }
  | { readonly kind: 'page'; readonly request: number; readonly after: number; readonly want: Wanted }
  | { readonly kind: 'stop' };

export type FromWorker =
  | { readonly kind: 'durable'; readonly requests: readonly number[]; readonly fsyncMs: number }
  | { readonly kind: 'refused'; readonly requests: readonly number[]; readonly code: JournalErrorCode }
  | {
      readonly kind: 'page';
      readonly request: number;
      readonly next: number | null;
      readonly payloads: readonly Uint8Array[];
    }
  | { readonly kind: 'notice'; readonly notice: StoreNotice }
  | { readonly kind: 'state'; readonly isReady: boolean; readonly isScanned: boolean; readonly stats: StoreStats }
  | { readonly kind: 'stopped' };
