import type { Clock } from '../clock.ts';
import { incidentIdOf, type IncidentRecord } from './record.ts';
import type { IncidentStore } from './store.ts';
import type { EventId } from '../../devices/event.ts';

/**
 * Opens "could not be processed" for a stream entry that failed three times. It rings as priority 1: nobody knows what it
 * was, so it may be somebody on the floor. The id derives from the stream entry, so that it opens once.
 */
export function createGiveUp(deps: { readonly store: IncidentStore; readonly clock: Clock }) {
  return async (streamId: string, text: string | null): Promise<void> => {
    const nowMs = deps.clock.nowMs();
    const id = incidentIdOf(`unprocessed-${streamId}` as EventId);
    const existing = await deps.store.loadIncident(id);
    const subject = `unprocessed:${streamId}`;
    const index = await deps.store.loadIndex(subject);
    const record: IncidentRecord = {
      id,
      version: 1,
      state: 'open',
      type: 'unprocessed',
      lane: 'technical',
      priority: 1,
      homeId: null,
      residentId: null,
      deviceId: null,
      region: null,
      candidates: [],
      subject,
      presses: 1,
      flags: [],
      openedAt: nowMs,
      updatedAt: nowMs,
      ownerId: null,
      ringing: true,
      rangAt: nowMs,
      progressAt: nowMs,
      shelvedUntil: null,
      promisedAt: null,
      shownAt: null,
      voiceAt: null,
      resolution: null,
    };
    const line = { incidentId: id, actor: 'system', at: nowMs };
    await deps.store.commit({
      incidents: existing === null ? [{ record, was: null }] : [],
      guarded:
        existing === null
          ? [
              {
                key: `{zj}:index:${subject}`,
                was: index.raw,
                becomes: JSON.stringify({ open: [id], last: null }),
                ttlMs: null,
              },
            ]
          : [],
      events: [],
      entries:
        existing === null
          ? [
              { ...line, type: 'opened', data: { streamId, type: 'unprocessed' }, personal: { entry: text } },
              { ...line, type: 'rang', data: { reason: 'opened' } },
            ]
          : [],
      ack: streamId,
    });
  };
}
