import { expect, test } from 'vitest';
import type { Actor } from '../../../../gateway/api/auth/actor.ts';
import { ProblemError } from '../../../../gateway/api/problems.ts';
import { checkByHand, checkCall, parseStates } from '../../../../gateway/api/routes/incident-request.ts';
import { buildDirectory } from '../../../../gateway/registry/build-directory.ts';
import { EMPTY_ROWS } from '../../../../gateway/registry/rows.ts';

const home = (id: string, region: string) => ({ id, region, address: '', entrance: null, accessPlan: null });
const person = (id: string, homeId: string) => ({
  ...{ id, homeId, name: id, number: null, birthYear: null, categories: [], speech: null, health: null },
});
const contact = (id: string, residentId: string) => ({
  ...{ id, residentId, order: 1, name: id, relation: null, number: '+8613800000000', hasKey: false },
  ...{ minutesAway: null, language: null, note: null },
});

const DIRECTORY = buildDirectory({
  ...EMPTY_ROWS,
  homes: [home('h-east', 'city/east'), home('h-west', 'city/west')],
  residents: [person('r-east', 'h-east'), person('r-west', 'h-west')],
  contacts: [contact('c-east', 'r-east'), contact('c-west', 'r-west')],
});

const EAST: Actor = {
  kind: 'user',
  user: { id: 'u', username: 'u', name: 'u', roles: ['operator'], regions: ['city/east'], epoch: 1 },
};

/** The code of the refusal, with the field that it names; null where nothing is refused. */
function refusalOf(check: () => unknown): string | null {
  try {
    check();
    return null;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return [error.code, ...(error.extra.errors ?? []).map(({ path }) => path)].join(' ');
  }
}

test.each([
  [{}, 'bad-request /body'],
  [{ text: 'old Wang does not open' }, null],
  [{ residentId: 'r-east' }, null],
  [{ residentId: 'r-east', homeId: 'h-east' }, null],
  [{ residentId: 'r-west' }, 'not-found'],
  [{ residentId: 'nobody' }, 'not-found'],
  [{ homeId: 'h-west' }, 'not-found'],
  [{ residentId: 'r-east', homeId: 'h-west' }, 'not-found'],
  [{ residentId: 'r-east', homeId: 'nowhere' }, 'not-found'],
])('a case by hand about %j in the east: %s', (about, refusal) => {
  expect(refusalOf(() => checkByHand({ type: 'sos', source: 'phone', ...about }, EAST, DIRECTORY))).toBe(refusal);
});

test('a resident and the home of somebody else contradict each other', () => {
  const body = { type: 'sos', source: 'phone', residentId: 'r-east', homeId: 'h-west' } as const;
  expect(refusalOf(() => checkByHand(body, { kind: 'local', uid: 0 }, DIRECTORY))).toBe('bad-request /body/homeId');
});

test.each([
  [{}, 'bad-request /body'],
  [{ number: '+8613800000000' }, null],
  [{ contactId: 'c-east' }, null],
  [{ contactId: 'c-west' }, 'bad-request /body/contactId'],
  [{ contactId: 'nobody' }, 'bad-request /body/contactId'],
])('a call to %j by whoever may read one file: %s', (body, refusal) => {
  const canRead = ({ id }: { readonly id: string }): boolean => id === 'r-east';
  expect(refusalOf(() => checkCall(body, DIRECTORY, canRead))).toBe(refusal);
});

test('states are a list, all of them, or by default those that are open', () => {
  expect(parseStates('all')).toBeNull();
  expect(parseStates(undefined)?.has('resolved')).toBe(false);
  expect(parseStates(undefined)?.has('shelved')).toBe(true);
  expect(parseStates('open,claimed,open')).toEqual(new Set(['open', 'claimed']));
  for (const text of ['', 'open,', 'open,all', 'OPEN', 'closed']) {
    expect(
      refusalOf(() => parseStates(text)),
      text,
    ).toBe('bad-request /querystring/state');
  }
});
