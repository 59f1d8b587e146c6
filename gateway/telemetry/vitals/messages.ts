import type { WorthCounts } from './thin.ts';
import type { WriterState } from './writer.ts';

/** What the thread is started with. */
export type VitalsSetup = {
  readonly folder: string;
  readonly gatewayId: string;
  readonly databaseUrl: string;
  readonly spoolBytes: number;
  /** How long the table keeps readings. */
  readonly readingsDays: number;
  /** A module that exports `createWriterTable(options): ObservationsTable`; null for the table of the product. */
  readonly table: string | null;
  /** A module that exports `createDisk(options): Disk`; null for the real disk. */
  readonly disk: { readonly module: string; readonly options: unknown } | null;
};

export type ToVitals =
  /** Payloads, each behind its length as u32. Durable as one. */
  | { readonly kind: 'append'; readonly request: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'stop' };

export type VitalsState = {
  /** Code of what the disk refused at last, null since it took something. */
  readonly diskFault: string | null;
  readonly spoolBytes: number;
  /** Less than the setting when the disk is nearly full. */
  readonly boundBytes: number;
  readonly segments: number;
  /** Since this thread began. */
  readonly shed: WorthCounts;
  readonly damaged: number;
  readonly writer: WriterState;
};

export type FromVitals =
  | { readonly kind: 'durable'; readonly request: number; readonly fsyncMs: number }
  | { readonly kind: 'refused'; readonly request: number; readonly code: string }
  | { readonly kind: 'state'; readonly state: VitalsState }
  | {
      readonly kind: 'notice';
      readonly code:
        | 'file-given-up'
        | 'not-thinned'
        | 'not-put-aside'
        | 'disk-trouble'
        | 'new-spool-id'
        | 'row-refused';
      readonly cause: string;
    }
  | { readonly kind: 'stopped' };
