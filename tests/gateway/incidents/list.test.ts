import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareInList,
  formatCursor,
  loadIncidentPage,
  PAGE_SIZE,
  parseCursor,
  type ListQuery,
  type ListSources,
} from '../../../gateway/incidents/list.ts';
import type { IncidentRecord } from '../../../gateway/incidents/record.ts';
import { NOW, openIncident, resolvedIncident } from './build.ts';

/** A store that ranks as Redis does: by time, then by the bytes of the id, newest first. */
function storeOf(incidents: IncidentRecord[], beforeEachRead: () => void = () => undefined) {
  const inOrder = () =>
    incidents.toSorted((a, b) => b.openedAt - a.openedAt || Buffer.compare(Buffer.from(b.id), Buffer.from(a.id)));
  return {
    loadIdsUntil: async (until: number | null, offset: number, count: number) => {
      beforeEachRead();
      return inOrder()
        .filter(({ openedAt }) => until === null || openedAt <= until)
        .slice(offset, offset + count);
    },
    loadIncidents: async (ids: readonly string[]) =>
      ids.flatMap((id) => incidents.find((incident) => incident.id === id) ?? []),
  };
}

const sourcesOf = (young: ReturnType<typeof storeOf>, kept: IncidentRecord[] = []): ListSources => ({
  store: young,
  loadKept: async (_query, after, count) =>
    kept
      .toSorted(compareInList)
      .filter((incident) => after === null || compareInList(incident, after) > 0)
      .slice(0, count),
});

const everything: ListQuery = { states: null, scopes: ['*'], everybodys: false, isWanted: () => true };

async function readAll(sources: ListSources, query: ListQuery) {
  const pages: string[][] = [];
  let after: string | null = null;
  do {
    const page = await loadIncidentPage(sources, query, after === null ? null : parseCursor(after));
    pages.push(page.items.map(({ id }) => id));
    after = page.next === null ? null : formatCursor(page.next);
  } while (after !== null);
  return pages;
}

describe('A list in pages', () => {
  test('has every incident once, newest first, also where many opened at the same moment', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 700 }), async (offsets) => {
        const incidents = offsets.map((offset) => openIncident({ openedAt: NOW + offset }));
        const pages = await readAll(sourcesOf(storeOf(incidents)), everything);
        expect(pages.slice(0, -1).every((page) => page.length === PAGE_SIZE)).toBe(true);
        const ids = pages.flat();
        expect(ids.toSorted()).toEqual(incidents.map(({ id }) => String(id)).toSorted());
        const times = ids.map((id) => incidents.find((each) => each.id === id)?.openedAt ?? 0);
        expect(times).toEqual(times.toSorted((a, b) => b - a));
      }),
      { numRuns: 20 },
    );
  });

  test('shows nothing twice when incidents open while it is read', async () => {
    const incidents = Array.from({ length: 1200 }, (_, n) =>
      n % 10 === 0
        ? openIncident({ openedAt: NOW + n })
        : resolvedIncident({ ...openIncident({ openedAt: NOW + n }), resolution: null }),
    );
    let opened = 0;
    const store = storeOf(incidents, () => {
      opened += 1;
      for (let n = 0; n < 40; n += 1) incidents.push(openIncident({ openedAt: NOW + 10_000 + opened * 100 + n }));
    });
    const page = await loadIncidentPage(sourcesOf(store), { ...everything, states: new Set(['open']) }, null);
    const ids = page.items.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('gives a full page without a next one when there is exactly one page', async () => {
    const incidents = Array.from({ length: PAGE_SIZE }, () => openIncident());
    expect((await loadIncidentPage(sourcesOf(storeOf(incidents)), everything, null)).next).toBeNull();
  });

  test('leaves out other states and what is not wanted', async () => {
    const mine = openIncident({ region: 'a' });
    const incidents = [mine, openIncident({ region: 'b' }), resolvedIncident({ region: 'a' })];
    const filter: ListQuery = { ...everything, states: new Set(['open']), isWanted: (each) => each.region === 'a' };
    expect((await loadIncidentPage(sourcesOf(storeOf(incidents)), filter, null)).items).toEqual([mine]);
  });

  test('is one, whatever Redis has let go and however far behind what is kept elsewhere is', async () => {
    const where = fc.constantFrom('redis', 'kept', 'both', 'stale');
    const each = fc.record({ offset: fc.integer({ min: 0, max: 400 }), where, isMine: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(each, { minLength: 1, maxLength: 900, size: 'max' }), async (made) => {
        const cases = made.map(({ offset, isMine }) =>
          resolvedIncident({
            ...openIncident({ openedAt: NOW + offset, region: isMine ? 'a' : 'b' }),
            resolution: null,
          }),
        );
        const among = (...places: string[]) => cases.filter((_, n) => places.includes(made[n]?.where ?? ''));
        const stale = among('stale').map((incident) => ({ ...incident, state: 'open' as const, region: 'a' }));
        const sources = sourcesOf(storeOf(among('redis', 'both', 'stale')), [...among('kept', 'both'), ...stale]);
        const mine: ListQuery = {
          ...everything,
          isWanted: ({ state, region }) => state === 'resolved' && region === 'a',
        };
        const expected = cases.filter(mine.isWanted).toSorted(compareInList);
        expect((await readAll(sources, mine)).flat()).toEqual(expected.map(({ id }) => id));
      }),
      { numRuns: 20 },
    );
  });

  test('looks at a bounded number of cases, says where it goes on, and in the end has found all', async () => {
    const incidents = Array.from({ length: 9000 }, (_, n) =>
      openIncident({ openedAt: NOW + n, region: n % 3000 === 0 ? 'rare' : 'a' }),
    );
    const byId = new Map<string, IncidentRecord>(incidents.map((incident) => [incident.id, incident]));
    let read = 0;
    const loadIncidents = async (ids: readonly string[]) => {
      read += ids.length;
      return ids.flatMap((id) => byId.get(id) ?? []);
    };
    const sources = sourcesOf({ ...storeOf(incidents), loadIncidents });
    const rare: ListQuery = { ...everything, isWanted: ({ region }) => region === 'rare' };
    const page = await loadIncidentPage(sources, rare, null);
    expect(page.items).toEqual([]);
    expect(page.next).not.toBeNull();
    expect(read).toBeGreaterThanOrEqual(2000);
    expect(read).toBeLessThan(2250);
    expect((await readAll(sources, rare)).flat()).toEqual([6000, 3000, 0].map((n) => incidents[n]?.id));
  });

  test.each(['', 'x', '1', '_a', '1_', '1_a b', `1_${'a'.repeat(65)}`, '-1_a', '1e5_a'])(
    '"%s" is no cursor',
    (text) => {
      expect(parseCursor(text)).toBeNull();
    },
  );
});
