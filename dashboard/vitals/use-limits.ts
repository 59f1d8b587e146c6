import { useEffect, useState } from 'react';
import type { ResidentLimits } from '../../gateway/api/contract/limits.ts';
import type { Result } from '../api/failure.ts';
import { useServices } from '../console/services.ts';

/** What is well for a person, read once for each showing; null while it is read. */
export function useLimits(residentId: string): Result<ResidentLimits> | null {
  const { api } = useServices();
  const [answer, setAnswer] = useState<Result<ResidentLimits> | null>(null);
  useEffect(() => {
    const ended = new AbortController();
    void api.get<ResidentLimits>(`/residents/${encodeURIComponent(residentId)}/limits`, ended.signal).then((result) => {
      if (!ended.signal.aborted) setAnswer(result);
    });
    return () => ended.abort();
  }, [api, residentId]);
  return answer;
}
