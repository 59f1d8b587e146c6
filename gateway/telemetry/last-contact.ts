import type { Clock } from '../clock.ts';
import type { ContactSink } from '../../devices/links/ports.ts';
import type { KnownContact } from './silence/last-contact-store.ts';

/** When each known device was last heard, and what was dropped. */
export type LastContact = ContactSink & {
  /** By whichever gateway, as far as it is known here; epoch milliseconds. */
  readonly at: (deviceId: string) => number | null;
  /** By this process; monotonic milliseconds. */
  readonly heardMonoMs: (deviceId: string) => number | null;
  /** What other gateways and earlier runs heard: all that is known of it. */
  readonly learn: (known: readonly KnownContact[]) => void;
  /** Who was heard here since it was last asked. */
  readonly takeNews: () => readonly KnownContact[];
  /** News that could not be kept: they are news again. */
  readonly giveBack: (news: readonly KnownContact[]) => void;
  readonly droppedCount: () => number;
};

/** A moment further ahead than this was told by a clock that was wrong. Design §5, "now + 1 h". */
const AHEAD_MS = 60 * 60_000;

/** Bounded by the register: only verified devices are remembered. */
export function createLastContact(clock: Clock): LastContact {
  const heard = new Map<string, { ms: number; monoMs: number }>();
  const learned = new Map<string, number>();
  const news = new Set<string>();
  let dropped = 0;
  /** When it was by the clock of now: one that was ahead and is right again would have it in days to come. */
  const wallOf = ({ ms, monoMs }: { ms: number; monoMs: number }): number =>
    ms <= clock.nowMs() + AHEAD_MS ? ms : clock.nowMs() - (clock.monoMs() - monoMs);
  const heardMs = (deviceId: string): number => {
    const known = heard.get(deviceId);
    return known === undefined ? -Infinity : wallOf(known);
  };
  const remember: ContactSink['heard'] = (deviceId, standing) => {
    if (standing !== 'verified') return;
    heard.set(deviceId, { ms: clock.nowMs(), monoMs: clock.monoMs() });
    news.add(deviceId);
  };
  return {
    heard: remember,
    connected: remember,
    disconnected: () => undefined,
    dropped: () => {
      dropped += 1;
    },
    at: (deviceId) => {
      const atMs = Math.max(heardMs(deviceId), learned.get(deviceId) ?? -Infinity);
      return atMs === -Infinity ? null : atMs;
    },
    heardMonoMs: (deviceId) => heard.get(deviceId)?.monoMs ?? null,
    learn: (known) => {
      learned.clear();
      for (const { deviceId, atMs } of known) learned.set(deviceId, atMs);
    },
    takeNews: () => {
      const taken = [...news].map((deviceId) => ({ deviceId, atMs: Math.max(0, heardMs(deviceId)) }));
      news.clear();
      return taken;
    },
    giveBack: (rows) => {
      for (const { deviceId } of rows) news.add(deviceId);
    },
    droppedCount: () => dropped,
  };
}
