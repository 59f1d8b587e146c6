import { expect, test } from 'vitest';
import { asProblem, formatProblem, ProblemError } from '../../../gateway/api/problems.ts';
import { PROBLEM_STATUS, type ProblemCode } from '../../../gateway/api/contract/problem.ts';
import { StoreSilentError } from '../../../gateway/incidents/store-silence.ts';
import { StoreError } from '../../../gateway/store/store-error.ts';

test.each(Object.entries(PROBLEM_STATUS))('%s is answered with %i', (code, status) => {
  const problem = formatProblem(new ProblemError(code as ProblemCode));
  expect(problem).toMatchObject({ code, status, type: `urn:zhuji:problem:${code}` });
  expect(problem.title).not.toBe('');
});

test('a Redis that falls silent while somebody claims is degraded, not our mistake', () => {
  expect(asProblem(new StoreSilentError('no-answer', new Error('timeout')))).toMatchObject({ code: 'degraded' });
});

test('a Postgres that is away is degraded', () => {
  expect(asProblem(new StoreError('load', 'unavailable'))).toMatchObject({ code: 'degraded' });
});

test('what nobody foresaw says nothing of itself', () => {
  expect(formatProblem(asProblem(new Error('secret')))).toEqual({
    type: 'urn:zhuji:problem:internal',
    title: 'The gateway failed',
    status: 500,
    code: 'internal',
  });
});
