import { formatIso } from '../clock.ts';
import { canonicalJson } from './canonical.ts';
import { sha256, type LogLine } from './log-line.ts';

/**
 * What an entry of the chain is about.
 * - `step`: a line of the incident log; `event`: an alarm was kept, by its salted hash
 * - `audit`: log-ins, reads of a person's file, duty; `minute`: how a gateway was in one minute
 * - `erasure`, `retention`: personal data were removed; `set-back`: Redis came back with less than it had
 */
export type AuditKind = 'step' | 'event' | 'audit' | 'minute' | 'erasure' | 'retention' | 'set-back';

/** An entry before it has its place in the chain. `text` is what is hashed and kept. */
export type AuditDraft = { readonly kind: AuditKind; readonly atMs: number; readonly text: string };

/** Ids, codes, times and hashes only: the chain is never erased. */
export function draftAudit(kind: AuditKind, atMs: number, body: Readonly<Record<string, unknown>>): AuditDraft {
  return { kind, atMs, text: canonicalJson({ kind, at: formatIso(atMs), ...body }) };
}

/**
 * A line of the log with everything it says, and the incident that it led to by version and hash. One that nobody can read
 * has the hash of its text; that its words were gone before they could be kept is said too.
 */
export function draftStep({ position, entry, incident, textHash }: LogLine, isMissing: boolean): AuditDraft {
  return draftAudit('step', entry.at, {
    position,
    entry,
    ...(entry.type === 'unreadable' ? { textHash: textHash.toString('base64url') } : {}),
    ...(isMissing ? { words: 'missing' } : {}),
    ...(incident === null
      ? {}
      : { incident: { version: incident.record.version, hash: sha256(incident.text).toString('base64url') } }),
  });
}

/** What other parts of the gateway write to the stream `{zj}:audit`: codes, ids and times. */
export type AuditNote = {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly type: string;
  /** `user:<id>`, `local:<uid>`, `gateway:<id>` or `system`. */
  readonly actor: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/** The type of a gateway's record of one minute (design §7 Traces). */
export const MINUTE_TYPE = 'gateway-minute';

export type MinuteData = {
  readonly gatewayId: string;
  /** Epoch milliseconds of its beginning. */
  readonly minute: number;
  /** How many seconds of it are known. */
  readonly upS: number;
  readonly degraded: boolean;
  /** The longest that the deadlines' loop was late, milliseconds. */
  readonly latenessMs: number;
  /** Checks that were not ok. */
  readonly faults: readonly string[];
};
