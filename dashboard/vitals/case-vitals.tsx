import { useMemo } from 'react';
import type { Incident, IncidentAlarm } from '../../gateway/api/contract/incident.ts';
import { VitalsCard } from './vitals-card.tsx';

type CaseVitalsProps = {
  readonly incident: Incident;
  readonly alarms: readonly IncidentAlarm[];
};

/** CSS pixels of one strip of the chart, among all else that a case shows. */
const PLOT_HEIGHT = 104;

/** The chart of the person whom a case is about; none while that is uncertain. */
export function CaseVitals({ incident, alarms }: CaseVitalsProps) {
  const { id, residentId } = incident;
  const own = useMemo(() => ({ incidentId: id, alarms }), [id, alarms]);
  const about = useMemo(() => alarms.flatMap(({ measure }) => (measure === null ? [] : [measure.metric])), [alarms]);
  if (residentId === null) return null;
  return <VitalsCard key={residentId} residentId={residentId} about={about} own={own} plotHeight={PLOT_HEIGHT} />;
}
