import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Board } from '../../../gateway/incidents/board.ts';
import type { LogPosition } from '../../../gateway/incidents/log/log-position.ts';
import type { LogItem } from '../../../gateway/incidents/log/log-reader.ts';
import type { IncidentRecord } from '../../../gateway/incidents/record.ts';
import { NOW, openIncident } from './build.ts';

const at = (n: number) => `${n}-0` as LogPosition;

function item(n: number, incident: IncidentRecord | null = null): LogItem {
  const entry = {
    id: at(n),
    incidentId: incident?.id ?? null,
    type: 'note',
    actor: 'system',
    at: NOW,
    data: {},
    said: {},
  };
  return { id: at(n), entry, incident };
}

function boardAt(n: number, ...incidents: IncidentRecord[]): Board {
  const board = new Board();
  board.reset(incidents, at(n));
  return board;
}

describe('The board', () => {
  test('takes each item once and in order', () => {
    const board = boardAt(5);
    expect([5, 6, 6, 4, 7].map((n) => board.apply(item(n)))).toEqual([false, true, false, false, true]);
    expect(board.asOf()).toBe(at(7));
  });

  test('never shows an older version than it has', () => {
    const newer = openIncident({ version: 5, presses: 3 });
    const board = boardAt(1, newer);
    board.apply(item(2, { ...newer, version: 4, presses: 2 }));
    expect(board.find(newer.id)).toBe(newer);
  });

  test('an incident leaves it when it is resolved and comes back when it is reopened', () => {
    const first = openIncident();
    const board = boardAt(1, first);
    board.apply(item(2, { ...first, version: 2, state: 'resolved' }));
    expect(board.open()).toEqual([]);
    const again = { ...first, version: 3 };
    board.apply(item(3, again));
    expect(board.open()).toEqual([again]);
  });

  test('gives what came after a position while it is all in memory, else nothing', () => {
    const board = boardAt(10);
    for (const n of [11, 12, 13]) board.apply(item(n));
    expect(board.recentAfter(at(10))?.map(({ id }) => id)).toEqual([at(11), at(12), at(13)]);
    expect(board.recentAfter(at(12))?.map(({ id }) => id)).toEqual([at(13)]);
    expect(board.recentAfter(at(13))).toEqual([]);
    expect(board.recentAfter(at(9))).toBeNull();
  });

  test('forgets the oldest items, and says so, when there are very many', () => {
    const board = boardAt(0);
    for (let n = 1; n <= 6000; n += 1) board.apply(item(n));
    expect(board.recentAfter(at(0))).toBeNull();
    expect(board.recentAfter(at(999))).toBeNull();
    expect(board.recentAfter(at(1000))).toHaveLength(5000);
  });

  test('whatever was loaded when, it ends with the newest version of everything that is open', () => {
    const change = fc.record({ which: fc.constantFrom(0, 1, 2), closes: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), fc.nat(), fc.nat(), (changes, asOfSeed, loadSeed) => {
        const base = [openIncident(), openIncident(), openIncident()];
        const now = new Map<string, IncidentRecord>(base.map((each) => [each.id, each]));
        const log: LogItem[] = [];
        const states = [new Map(now)];
        for (const [n, { which, closes }] of changes.entries()) {
          const known = now.get(base[which]?.id ?? '');
          if (known === undefined) continue;
          const next = { ...known, version: known.version + 1, state: closes ? 'resolved' : 'open' } as const;
          now.set(next.id, next);
          log.push(item(n + 1, next));
          states.push(new Map(now));
        }
        // The position is read first, the incidents later, so they may be newer.
        const asOf = log.length === 0 ? 0 : asOfSeed % (log.length + 1);
        const loaded = asOf + (loadSeed % (log.length + 1 - asOf));
        const board = new Board();
        board.reset([...(states[loaded]?.values() ?? [])], log[asOf - 1]?.id ?? at(0));
        for (const each of log) board.apply(each);
        const open = [...now.values()].filter(({ state }) => state !== 'resolved');
        const byId = (a: IncidentRecord, b: IncidentRecord) => (a.id < b.id ? -1 : 1);
        expect(board.open().toSorted(byId)).toEqual(open.toSorted(byId));
      }),
    );
  });
});
