import type { Clock } from '../clock.ts';
import type { ContactSink } from '../../devices/links/ports.ts';
import type { KnownContact } from './silence/last-contact-store.ts';

/** When each known device was last heard, and what was dropped. */
export type LastContact = ContactSink & {
  /** By whichever gateway, as far as it is known here; epoch milliseconds. */
  readonly at: (deviceId: string) => number | null;
  /** By this process; monotonic milliseconds. */
  readonly heardMonoMs: (deviceId: string) => number | null;
  /** What other gateways and earlier runs heard. */
  readonly learn: (known: readonly KnownContact[]) => void;
  /** Who was heard here since it was last asked. */
  readonly takeNews: () => readonly KnownContact[];
  /** News that could not be kept: they are news again. */
  readonly giveBack: (news: readonly KnownContact[]) => void;
  readonly droppedCount: () => number;
};

/** Bounded by the register: only verified devices are remembered. */
export function createLastContact(clock: Clock): LastContact {
  const heard = new Map<string, { ms: number; monoMs: number }>();
  const learned = new Map<string, number>();
  const news = new Set<string>();
  let dropped = 0;
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
      const atMs = Math.max(heard.get(deviceId)?.ms ?? -Infinity, learned.get(deviceId) ?? -Infinity);
      return atMs === -Infinity ? null : atMs;
    },
    heardMonoMs: (deviceId) => heard.get(deviceId)?.monoMs ?? null,
    learn: (known) => {
      for (const { deviceId, atMs } of known) learned.set(deviceId, atMs);
    },
    takeNews: () => {
      const taken = [...news].map((deviceId) => ({ deviceId, atMs: heard.get(deviceId)?.ms ?? 0 }));
      news.clear();
      return taken;
    },
    giveBack: (rows) => {
      for (const { deviceId } of rows) news.add(deviceId);
    },
    droppedCount: () => dropped,
  };
}
