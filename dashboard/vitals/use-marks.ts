import { useMemo, useSyncExternalStore } from 'react';
import type { IncidentAlarm } from '../../gateway/api/contract/incident.ts';
import { useServices } from '../console/services.ts';
import { listMarks, type Mark } from './marks.ts';

type Own = { readonly incidentId: string; readonly alarms: readonly IncidentAlarm[] };

/** Alarms of a person for the time axis. The same list stays the same object: a chart is not drawn anew for others' alarms. */
export function useMarks(residentId: string | null, own: Own | null): readonly Mark[] {
  const { feed } = useServices();
  const { incidents } = useSyncExternalStore(feed.subscribe, feed.view);
  const text = JSON.stringify(residentId === null ? [] : listMarks(residentId, own, incidents.values()));
  return useMemo(() => JSON.parse(text) as Mark[], [text]);
}
