import type { ResidentLimits } from '../../gateway/api/contract/limits.ts';
import type { Result } from '../api/failure.ts';
import { useAnswer } from '../console/use-answer.ts';

/** What is well for a person. */
export function useLimits(residentId: string): Result<ResidentLimits> | null {
  return useAnswer(`/residents/${encodeURIComponent(residentId)}/limits`);
}
