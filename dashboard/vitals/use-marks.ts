import { useMemo, useSyncExternalStore } from 'react';
import type { Incident, IncidentAlarm } from '../../gateway/api/contract/incident.ts';
import { useServices } from '../console/services.ts';
import { mergeCases } from './load-cases.ts';
import { listMarks, type Mark } from './marks.ts';

/** The case on the desk, where the chart stands in one. */
export type Own = { readonly incidentId: string; readonly alarms: readonly IncidentAlarm[] };

/**
 * Alarms of a person for the time axis: what the console holds, and what was read of the span. The same list stays the same
 * object: a chart is not drawn anew for others' alarms.
 */
export function useMarks(residentId: string, own: Own | null, read: readonly Incident[]): readonly Mark[] {
  const { feed } = useServices();
  const { incidents } = useSyncExternalStore(feed.subscribe, feed.view);
  const text = useMemo(
    () => JSON.stringify(listMarks(residentId, own, mergeCases(incidents, read))),
    [residentId, own, incidents, read],
  );
  return useMemo(() => JSON.parse(text) as Mark[], [text]);
}
