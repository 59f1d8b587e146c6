import { expect, test } from 'vitest';
import type { Desk } from '../../../dashboard/console/use-desk.ts';
import { calcNews, listCases } from '../../../dashboard/resident/cases.ts';
import { formatResidentHash, readResidentHash } from '../../../dashboard/resident/hash.ts';
import { pagedDesk } from '../../../dashboard/resident/paged-desk.ts';
import { buildIncident, iso, T0 } from '../build-incident.ts';

test('a page’s address leads back to the same person, and nothing else leads to a page', () => {
  expect(readResidentHash(formatResidentHash('R-1.a_2'))).toBe('R-1.a_2');
  for (const hash of ['', '#', '#/residents/', '#/residents/a/b', '#/residents/a?b', '#/homes/a', '#/residents/%2e'])
    expect(readResidentHash(hash), hash).toBeNull();
});

test('cases of a person: open ones, then the last closed, the newest first; not what turned out to be another’s', () => {
  const cases = listCases(
    [
      buildIncident({ id: 'old', openedAt: iso(T0 - 9) }),
      buildIncident({ id: 'new' }),
      buildIncident({ id: 'maybe', residentId: null, candidates: ['res-1', 'res-2'], openedAt: iso(T0 - 5) }),
      buildIncident({ id: 'not', residentId: 'res-2', candidates: ['res-1', 'res-2'] }),
      ...Array.from({ length: 12 }, (_, index) =>
        buildIncident({ id: `closed-${index}`, state: 'resolved', openedAt: iso(T0 - 100 - index) }),
      ),
    ],
    'res-1',
  );
  expect(cases.open.map(({ id }) => id)).toEqual(['new', 'maybe', 'old']);
  expect(cases.closed).toHaveLength(10);
  expect(cases.closed[0]?.id).toBe('closed-0');
});

test('a case of the person or of the home that opens, is pressed again or ends is news of devices; a claim and a neighbour’s are not', () => {
  const own = buildIncident({ id: 'own' });
  const newsOf = (...incidents: Parameters<typeof calcNews>[0][]) =>
    calcNews(
      incidents.flatMap((each) => [...each]),
      'res-1',
      'home-1',
    );
  const before = newsOf([own]);
  expect(newsOf([{ ...own, state: 'claimed', version: own.version + 1 }])).toBe(before);
  expect(newsOf([own, buildIncident({ id: 'far', residentId: 'res-9', homeId: 'home-9' })])).toBe(before);
  expect(newsOf([{ ...own, presses: own.presses + 1 }])).not.toBe(before);
  expect(newsOf([{ ...own, state: 'resolved' }])).not.toBe(before);
  const silent = buildIncident({ id: 'silent', residentId: null, homeId: 'home-1', type: 'silent' });
  expect(newsOf([own, silent])).not.toBe(before);
  expect(newsOf([silent, own])).toBe(newsOf([own, silent]));
});

test('whatever opens a case puts the page away first; back puts away only the page', () => {
  const done: string[] = [];
  const desk: Desk = {
    selectedId: null,
    opened: null,
    dialog: null,
    open: (id) => done.push(`open ${id}`),
    openSelected: () => done.push('open selected'),
    close: () => done.push('close'),
    move: () => done.push('move'),
    show: () => done.push('show'),
  };
  const leave = () => void done.push('leave');
  const paged = pagedDesk(desk, { id: 'res-1', leave });
  paged.open('x');
  paged.openSelected();
  paged.close();
  expect(done).toEqual(['leave', 'open x', 'leave', 'open selected', 'leave']);
  expect(pagedDesk(desk, { id: null, leave })).toBe(desk);
});
