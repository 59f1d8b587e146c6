import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareInList, PAGE_SIZE, type ListCursor } from '../../../gateway/incidents/list.ts';
import { isAbout, loadPersonPage, type LoadPersonCases } from '../../../gateway/incidents/person-list.ts';
import type { IncidentRecord } from '../../../gateway/incidents/record.ts';
import { MINUTE, NOW, openIncident, resolvedIncident } from './build.ts';

const WANG = { residentId: 'wang', fromMs: NOW, toMs: NOW + 1000 * MINUTE };

/** As the archive answers: filtered, in order, behind the cursor, so many. */
function keeping(records: readonly IncidentRecord[]): LoadPersonCases {
  return async ({ residentId, fromMs, toMs }, after, count) =>
    records
      .filter((one) => isAbout(one, residentId) && one.openedAt >= fromMs && one.openedAt < toMs)
      .filter((one) => after === null || compareInList(one, after) > 0)
      .toSorted(compareInList)
      .slice(0, count);
}

async function readAll(loadKept: LoadPersonCases, open: () => readonly IncidentRecord[]) {
  const all: IncidentRecord[] = [];
  let after: ListCursor | null = null;
  let pages = 0;
  do {
    const page = await loadPersonPage({ loadKept, open }, WANG, after);
    expect(page.items.length).toBeLessThanOrEqual(PAGE_SIZE);
    all.push(...page.items);
    after = page.next;
    pages += 1;
  } while (after !== null);
  return { all, pages };
}

test('page by page every case of the person comes once, the newest first, and open ones as this gateway knows them', async () => {
  const times = fc.integer({ min: -2, max: 20 }).map((n) => NOW + n * 50 * MINUTE);
  const who = fc.constantFrom<Pick<IncidentRecord, 'residentId'> & Partial<Pick<IncidentRecord, 'candidates'>>>(
    { residentId: 'wang' },
    { residentId: null, candidates: ['li', 'wang'] },
    { residentId: 'li', candidates: ['wang'] },
    { residentId: 'li' },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(who, times), { minLength: 2 * PAGE_SIZE, maxLength: 3 * PAGE_SIZE }),
      fc.array(fc.tuple(who, times, fc.boolean()), { minLength: 40, maxLength: 120 }),
      async (closed, opened) => {
        const kept = closed.map(([person, openedAt]) => resolvedIncident({ ...person, openedAt }));
        // Some of those that are open are kept too, as they were before somebody said whose they are.
        const open = opened.map(([person, openedAt]) => openIncident({ ...person, openedAt, version: 7 }));
        const older = open
          .filter((_, n) => opened[n]?.[2] === true)
          .map((one) => ({ ...one, version: 3, residentId: 'wang' }));
        const { all } = await readAll(keeping([...kept, ...older]), () => open);
        const wanted = [...kept, ...open]
          .filter((one) => isAbout(one, 'wang') && one.openedAt >= WANG.fromMs && one.openedAt < WANG.toMs)
          .toSorted(compareInList);
        expect(all.map(({ id, version }) => [id, version])).toEqual(wanted.map(({ id, version }) => [id, version]));
      },
    ),
    { numRuns: 15 },
  );
});

test('a case that may be theirs counts until somebody has said whose it is', () => {
  expect(isAbout(openIncident({ residentId: null, candidates: ['wang'] }), 'wang')).toBe(true);
  expect(isAbout(openIncident({ residentId: 'li', candidates: ['wang'] }), 'wang')).toBe(false);
});
