import { useEffect, useState } from 'react';
import type { ResidentIncidentPage } from '../../gateway/api/contract/incident.ts';
import type { Result } from '../api/failure.ts';
import { useServices } from '../console/services.ts';

/** The newest cases of a person, also those that the console no longer holds; read once for each showing, null while it is read. */
export function useLastCases(residentId: string): Result<ResidentIncidentPage> | null {
  const { api } = useServices();
  const [answer, setAnswer] = useState<Result<ResidentIncidentPage> | null>(null);
  useEffect(() => {
    const ended = new AbortController();
    setAnswer(null);
    void api
      .get<ResidentIncidentPage>(`/residents/${encodeURIComponent(residentId)}/incidents`, ended.signal)
      .then((result) => {
        if (!ended.signal.aborted) setAnswer(result);
      });
    return () => ended.abort();
  }, [api, residentId]);
  return answer;
}
