import type { ResidentIncidentPage } from '../../gateway/api/contract/incident.ts';
import type { Result } from '../api/failure.ts';
import { useAnswer } from '../console/use-answer.ts';

/** The newest cases of a person, also those that the console no longer holds. */
export function useLastCases(residentId: string): Result<ResidentIncidentPage> | null {
  return useAnswer(`/residents/${encodeURIComponent(residentId)}/incidents`);
}
