import type { StatusKind } from '../api/contract/registry.ts';

/** A status as recorded; times are epoch milliseconds, `until` null: until something else is recorded. */
export type StatusRow = {
  readonly residentId: string;
  readonly kind: StatusKind;
  readonly from: number;
  readonly until: number | null;
  readonly note: string | null;
  readonly recordedAt: number;
};

export type Status = Pick<StatusRow, 'kind' | 'until' | 'note'> & { readonly from: number | null };

export const AT_HOME: Status = { kind: 'at-home', from: null, until: null, note: null };

/**
 * How things stand at a moment, from one resident's rows in the order of recording. A row counts from its beginning, or
 * from its recording where that came later; the last that began counts, and once it has ended the person is at home. So
 * nothing that was recorded needs to be changed, and what is planned waits for its day. Pure.
 */
export function calcStatus(rows: readonly StatusRow[], atMs: number): Status {
  let current: StatusRow | undefined;
  for (const row of rows) {
    if (takesOverAt(row) > atMs) continue;
    if (current === undefined || takesOverAt(row) >= takesOverAt(current)) current = row;
  }
  if (current === undefined || (current.until !== null && current.until <= atMs)) return AT_HOME;
  const { kind, from, until, note } = current;
  return { kind, from, until, note };
}

function takesOverAt({ from, recordedAt }: StatusRow): number {
  return Math.max(from, recordedAt);
}
