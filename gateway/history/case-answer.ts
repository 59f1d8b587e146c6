import type { CaseFile, CaseStep } from '../api/contract/history.ts';

/** What counts as having tried to reach the person (design §4 Milestones). */
const ATTEMPTS: readonly string[] = ['voice', 'call', 'contact'];

/** From `received` to the first voice or recorded attempt; the claim stands beside it, never instead. Pure. */
export function calcAnswer(steps: readonly CaseStep[]): CaseFile['answer'] {
  const received = steps.find(({ type }) => type === 'received');
  const claimed = steps.find(({ type }) => type === 'claimed' || type === 'claim');
  const since = (step: CaseStep | undefined): number | null =>
    step === undefined || received === undefined ? null : Date.parse(step.at) - Date.parse(received.at);
  const attempts = steps.filter(({ type }) => ATTEMPTS.includes(type));
  const first = attempts.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))[0];
  return {
    receivedAt: received?.at ?? null,
    claimedAt: claimed?.at ?? null,
    claimMs: since(claimed),
    answeredAt: first?.at ?? null,
    answerMs: since(first),
    by: first?.type ?? null,
  };
}
