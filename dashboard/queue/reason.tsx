import { useEffect, useState } from 'react';
import type { Incident, IncidentDetail, Measure } from '../../gateway/api/contract/incident.ts';
import { useNow, useServices } from '../console/services.ts';
import { useSay } from '../console/word.ts';
import { lastMeasure, measureSentence } from '../incident/measure.ts';

const RETRY_MS = 10_000;

/** Why a vital sign rings, in the row. What was measured is health and no part of the case itself, so it is read beside it. */
export function Reason({ incident }: { readonly incident: Pick<Incident, 'id' | 'types' | 'presses'> }) {
  return incident.types.includes('vitals') ? <MeasureLine id={incident.id} presses={incident.presses} /> : null;
}

/** Read again only when another alarm has come: an action measures nothing. */
function MeasureLine({ id, presses }: { readonly id: string; readonly presses: number }) {
  const { api } = useServices();
  const say = useSay();
  const [measure, setMeasure] = useState<Measure | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const attempt = Math.floor(useNow() / RETRY_MS);
  const tryAgain = hasFailed ? attempt : 0;
  useEffect(() => {
    let isWanted = true;
    void api.get<IncidentDetail>(`/incidents/${encodeURIComponent(id)}`).then((result) => {
      if (!isWanted) return;
      setFailed(!result.ok);
      if (result.ok) setMeasure(lastMeasure(result.value.alarms));
    });
    return () => {
      isWanted = false;
    };
  }, [api, id, presses, tryAgain]);
  return measure === null ? null : <span className="reason">{measureSentence(measure, say)}</span>;
}
