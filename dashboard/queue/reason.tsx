import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident, IncidentDetail, Measure } from '../../gateway/api/contract/incident.ts';
import { useNow, useServices } from '../console/services.ts';
import { useSay } from '../console/word.ts';
import { listCallers, listWriters, type CallerNow } from '../incident/callers.ts';
import { lastMeasure, measureSentence } from '../incident/measure.ts';
import { formatNumber } from '../incident/number.ts';
import { calcPersonBehind } from '../register/who.ts';

const RETRY_MS = 10_000;

/**
 * Why a vital sign rings, or from which number a call or an SMS comes, in the row. Both are personal and no part of the case itself, so
 * they are read beside it.
 */
export function Reason({ incident }: { readonly incident: Pick<Incident, 'id' | 'types' | 'presses' | 'deviceId'> }) {
  const { id, types, presses } = incident;
  return types.includes('vitals') || types.includes('call') || calcPersonBehind(incident) !== null ? (
    <AlarmLines id={id} presses={presses} />
  ) : null;
}

/** Read again only when another alarm has come: an action measures nothing, and calls nobody in. */
function AlarmLines({ id, presses }: { readonly id: string; readonly presses: number }) {
  const { t } = useTranslation();
  const { api } = useServices();
  const say = useSay();
  const [measure, setMeasure] = useState<Measure | null>(null);
  const [callers, setCallers] = useState<readonly Pick<CallerNow, 'number'>[]>([]);
  const [hasFailed, setFailed] = useState(false);
  const attempt = Math.floor(useNow() / RETRY_MS);
  const tryAgain = hasFailed ? attempt : 0;
  useEffect(() => {
    let isWanted = true;
    void api.get<IncidentDetail>(`/incidents/${encodeURIComponent(id)}`).then((result) => {
      if (!isWanted) return;
      setFailed(!result.ok);
      if (!result.ok) return;
      setMeasure(lastMeasure(result.value.alarms));
      const called = listCallers(result.value.alarms);
      setCallers(called.length > 0 ? called : listWriters(result.value.alarms));
    });
    return () => {
      isWanted = false;
    };
  }, [api, id, presses, tryAgain]);
  const numbers = callers.map(({ number }) =>
    number === null ? t('incident.callers.withheld') : formatNumber(number),
  );
  return (
    <>
      {measure !== null && <span className="reason">{measureSentence(measure, say)}</span>}
      {numbers.length > 0 && <span className="reason">{numbers.join(' · ')}</span>}
    </>
  );
}
