import type { Pool } from 'pg';
import { StoreError } from '../store/store-error.ts';
import type { ContactLog, KnownBefore } from './contact-log.ts';
import { loadNewestContacts, type StoredContact } from './contact-store.ts';

/** A gateway that wrote the newest of these is the one that a device reports to. A line that broke may be noticed late. */
const REPORTS = ['connected', 'heard', 'heard-again'] as const;

export type MissedDeps = {
  readonly pool: Pool;
  readonly gatewayId: string;
  readonly log: Pick<ContactLog, 'remember' | 'overdue' | 'miss' | 'forget'>;
  /** Everything in the register. */
  readonly deviceIds: () => readonly string[];
};

/**
 * Tells which devices are missed: those that reported to this gateway last, before a restart too, and are silent. One that
 * went to another gateway is that one's to miss. With the database away what is silent here counts as missed.
 */
export function createMissedHeartbeats({ pool, gatewayId, log, deviceIds }: MissedDeps): () => Promise<void> {
  let isRemembered = false;

  async function remember(): Promise<void> {
    const ids = deviceIds();
    if (isRemembered || ids.length === 0) return;
    const newest = await loadNewestContacts(pool, ids, [...REPORTS, 'missed-heartbeat']);
    isRemembered = true;
    log.remember([...newest].filter(([, row]) => row.gatewayId === gatewayId).map(readKnown));
  }

  return async () => {
    await remember().catch(ignoreAway);
    const overdue = log.overdue();
    if (overdue.length === 0) return;
    const ids = overdue.map(({ deviceId }) => deviceId);
    const hearers = (await loadHearers(pool, ids).catch(ignoreAway)) ?? new Map<string, string>();
    for (const device of overdue) {
      const hearer = hearers.get(device.deviceId) ?? gatewayId;
      if (hearer === gatewayId) log.miss(device);
      else log.forget(device);
    }
  };
}

/** Which gateway each of these devices reported to last; one that nobody heard is left out. @throws StoreError */
export async function loadHearers(pool: Pool, deviceIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const newest = await loadNewestContacts(pool, deviceIds, REPORTS);
  return new Map([...newest].map(([deviceId, row]) => [deviceId, row.gatewayId]));
}

function readKnown([deviceId, { kind, atMs, data }]: readonly [string, StoredContact]): KnownBefore {
  const isMissed = kind === 'missed-heartbeat';
  const toldMs = Date.parse(String(data['lastHeardAt']));
  return { deviceId, isMissed, lastMs: isMissed && !Number.isNaN(toldMs) ? toldMs : atMs };
}

/** Asked again with the next look. */
function ignoreAway(error: unknown): undefined {
  if (error instanceof StoreError) return undefined;
  throw error;
}
