import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FromWorker } from '../../../dashboard/feed/messages.ts';
import { EMPTY_FEED, reduceFeed, type FeedState } from '../../../dashboard/feed/state.ts';
import type { Incident } from '../../../gateway/api/contract/incident.ts';
import { buildEntry, buildIncident, iso, T0 } from '../build-incident.ts';

const news = (incident: Incident, heardAt = T0): FromWorker => ({
  kind: 'incident',
  change: { entry: buildEntry('rang'), incident },
  heardAt,
});
const list = (incidents: Incident[], heardAt = T0): FromWorker => ({ kind: 'snapshot', incidents, heardAt });
const reduce = (messages: FromWorker[], state: FeedState = EMPTY_FEED): FeedState =>
  messages.reduce((held, message) => reduceFeed(held, message, T0, 1000), state);

test('in whatever order versions come, the highest one stands at the end', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c'), version: fc.integer({ min: 1, max: 9 }) })),
      (seen) => {
        const state = reduce(seen.map((change) => news(buildIncident(change))));
        for (const id of new Set(seen.map((change) => change.id))) {
          const highest = Math.max(...seen.filter((change) => change.id === id).map((change) => change.version));
          expect(state.incidents.get(id)?.version).toBe(highest);
        }
      },
    ),
  );
});

test('after a reset the fresh list stands, even where it is older than what was held', () => {
  const state = reduce([news(buildIncident({ version: 9 })), list([buildIncident({ version: 2 })])]);
  expect(state.incidents.get('inc-1')?.version).toBe(2);
});

test('an open case that the fresh list does not have is gone; a closed one stays for reading', () => {
  const state = reduce([
    news(buildIncident({ id: 'open' })),
    news(buildIncident({ id: 'closed', state: 'resolved', ringing: false })),
    list([]),
  ]);
  expect([...state.incidents.keys()]).toEqual(['closed']);
});

test('a case that was reopened elsewhere comes back with the list', () => {
  const state = reduce([news(buildIncident({ state: 'resolved', version: 3 })), list([buildIncident({ version: 4 })])]);
  expect(state.incidents.get('inc-1')?.state).toBe('open');
});

test('the answer of a command is shown before the stream brings it, and the stream may not undo it', () => {
  const claimed = buildIncident({ state: 'claimed', version: 2, ringing: false });
  const state = reduce([
    list([buildIncident()]),
    { kind: 'answer', incident: claimed },
    news(buildIncident({ version: 1 })),
  ]);
  expect(state.incidents.get('inc-1')?.state).toBe('claimed');
});

test('it is remembered when a ring was first heard of, and anew for the next ring', () => {
  const first = reduce([news(buildIncident(), T0 + 5), news(buildIncident({ version: 2 }), T0 + 900)]);
  expect(first.heardAt.get('inc-1')).toBe(T0 + 5);
  const again = reduce([news(buildIncident({ version: 3, rangAt: iso(T0 + 15_000) }), T0 + 15_003)], first);
  expect(again.heardAt.get('inc-1')).toBe(T0 + 15_003);
  const reloaded = reduce([list([buildIncident({ version: 3, rangAt: iso(T0 + 15_000) })], T0 + 99_000)], again);
  expect(reloaded.heardAt.get('inc-1')).toBe(T0 + 15_003);
});

test('a status that was kept for a late window counts with its age', () => {
  const status = { degraded: false, checks: {} };
  expect(reduce([{ kind: 'status', status, ageMs: 400 }]).statusAtMs).toBe(600);
});

test('the moment of the loss stays until the stream is back', () => {
  const lost = reduceFeed(EMPTY_FEED, { kind: 'stream', isUp: false }, T0, 0);
  expect(reduceFeed(lost, { kind: 'stream', isUp: false }, T0 + 5000, 0).lostAt).toBe(T0);
  expect(reduceFeed(lost, { kind: 'stream', isUp: true }, T0 + 9000, 0).lostAt).toBeNull();
});

test('what is shown is as of the last thing heard, whatever it was', () => {
  const heard = reduceFeed(EMPTY_FEED, news(buildIncident()), T0 + 7000, 0);
  expect(heard.asOfMs).toBe(T0 + 7000);
  expect(reduceFeed(heard, { kind: 'stream', isUp: false }, T0 + 9000, 0).asOfMs).toBe(T0 + 7000);
});

test('of closed cases the newest two hundred are kept, of open ones all', () => {
  const closed = Array.from({ length: 260 }, (_, i) =>
    buildIncident({
      id: `closed-${i}`,
      state: 'resolved',
      ringing: false,
      updatedAt: iso(T0 + ((i * 7) % 260) * 1000),
    }),
  );
  const open = Array.from({ length: 300 }, (_, i) => buildIncident({ id: `open-${i}` }));
  const isKept = (state: FeedState, incident: Incident): boolean => state.incidents.has(incident.id);
  const newest = closed.filter(({ updatedAt }) => Date.parse(updatedAt) >= T0 + 60_000);
  for (const state of [
    reduce([list(open), ...closed.map((one) => news(one))]),
    reduce([...closed.map((one) => news(one)), list(open)]),
  ]) {
    expect(state.incidents.size).toBe(500);
    expect(newest.every((one) => isKept(state, one)) && open.every((one) => isKept(state, one))).toBe(true);
    expect(state.heardAt.size).toBeLessThanOrEqual(500);
  }
});
