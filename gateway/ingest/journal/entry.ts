import { encodeRecord, RECORD_KIND, type SegmentRecord } from '../../segments/record.ts';

/** What a record means. The id stands in front of the JSON so that a scan need not parse it. */
export type JournalEntry =
  | { readonly kind: 'alarm'; readonly id: string; readonly json: Uint8Array }
  | { readonly kind: 'settled'; readonly id: string };

/** Without content: written and fsynced when no alarm has come for a while. */
export function encodeBeat(): Buffer {
  return encodeRecord(RECORD_KIND.beat, new Uint8Array());
}

/** A ULID is 26 ASCII characters. */
const ID_BYTES = 26;

export function encodeEntry(entry: JournalEntry): Buffer {
  const id = Buffer.from(entry.id, 'latin1');
  if (id.length !== ID_BYTES) throw new RangeError('a journal id has 26 characters');
  if (entry.kind === 'settled') return encodeRecord(RECORD_KIND.settled, id);
  return encodeRecord(RECORD_KIND.alarm, Buffer.concat([id, entry.json]));
}

/** Null for a kind that this version does not know and for a payload without an id. */
export function decodeEntry(record: SegmentRecord): JournalEntry | null {
  if (record.payload.length < ID_BYTES) return null;
  const id = Buffer.from(record.payload.subarray(0, ID_BYTES)).toString('latin1');
  if (record.kind === RECORD_KIND.settled) return { kind: 'settled', id };
  if (record.kind === RECORD_KIND.alarm) return { kind: 'alarm', id, json: record.payload.subarray(ID_BYTES) };
  return null;
}
