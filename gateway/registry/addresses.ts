import { formatIso } from '../clock.ts';
import type { RegisterRows } from './rows.ts';

/** A number from which nothing came for so long is a hint no more: numbers are given to others after about 90 days. Chosen. */
export const UNSEEN_MS = 60 * 24 * 60 * 60_000;

export type AddressRow = NonNullable<RegisterRows['addresses']>[number];

/** Under what a device sends, without the key of an account. */
export type DirectoryAddress = {
  readonly id: number;
  readonly kind: 'account' | 'number';
  /** Null: heard by whatever receiver. */
  readonly receiver: string | null;
  readonly value: string;
  readonly hasKey: boolean;
  readonly heartbeatS: number | null;
  /** Accounts are their device's until they are taken away. */
  readonly isConfirmed: boolean;
  /** Null since its device was taken from another home. */
  readonly confirmedAt: string | null;
  readonly seenAt: string | null;
};

/** Whether a number still counts as its device's, at epoch milliseconds. Pure. */
export function isConfirmed(
  { kind, confirmedAt, seenAt }: Pick<AddressRow, 'kind' | 'confirmedAt' | 'seenAt'>,
  nowMs: number,
): boolean {
  return kind === 'account' || (confirmedAt !== null && nowMs - Math.max(confirmedAt, seenAt ?? 0) < UNSEEN_MS);
}

/** As the API may show it. Pure. */
export function describeAddress(row: AddressRow, nowMs: number): DirectoryAddress {
  const { id, kind, receiver, value, heartbeatS, confirmedAt, seenAt } = row;
  return {
    ...{ id, kind, receiver, value, heartbeatS },
    hasKey: row.key !== null,
    isConfirmed: isConfirmed(row, nowMs),
    confirmedAt: confirmedAt === null ? null : formatIso(confirmedAt),
    seenAt: seenAt === null ? null : formatIso(seenAt),
  };
}
