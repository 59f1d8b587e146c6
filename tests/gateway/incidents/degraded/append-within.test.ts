import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { appendWithin } from '../../../../gateway/incidents/degraded/append-within.ts';
import { Keyspace } from '../../../../gateway/incidents/degraded/keyspace.ts';
import { createLocalStore } from '../../../../gateway/incidents/degraded/local-store.ts';
import { createPlanJournal } from '../../../../gateway/incidents/degraded/plan-journal.ts';
import { REDIS_KEYS } from '../../../../gateway/store/keys.ts';
import { NOW, openIncident } from '../build.ts';
import { silent } from '../world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A disk that holds every write until it is let go. */
function hangingDisk() {
  const held: PromiseWithResolvers<void>[] = [];
  const append = (): Promise<void> => {
    const write = Promise.withResolvers<void>();
    held.push(write);
    return write.promise;
  };
  return { held, append };
}

const outcomes = (order: string[], name: string, of: Promise<void>): void =>
  void of.then(
    () => order.push(`${name} kept`),
    (error: unknown) => order.push(`${name} ${error instanceof Error && 'code' in error ? String(error.code) : '?'}`),
  );

test('a disk that hangs is waited for once, all go on in order, and it is waited for again when it answers', async () => {
  const { held, append } = hangingDisk();
  const within = appendWithin(append, 1000);
  const order: string[] = [];
  outcomes(order, 'a', within('a'));
  await vi.advanceTimersByTimeAsync(900);
  outcomes(order, 'b', within('b'));
  expect(order).toEqual([]);
  await vi.advanceTimersByTimeAsync(100);
  outcomes(order, 'c', within('c'));
  await vi.advanceTimersByTimeAsync(0);
  expect(order).toEqual(['a disk-hangs', 'b disk-hangs', 'c disk-hangs']);
  // All were handed over all the same.
  expect(held).toHaveLength(3);
  for (const write of held) write.resolve();
  await vi.advanceTimersByTimeAsync(0);
  outcomes(order, 'd', within('d'));
  await vi.advanceTimersByTimeAsync(500);
  held[3]?.resolve();
  await vi.advanceTimersByTimeAsync(0);
  expect(order.at(-1)).toBe('d kept');
});

test('a disk that refuses is told at once', async () => {
  const order: string[] = [];
  const refused = Object.assign(new Error('no room'), { code: 'ENOSPC' });
  outcomes(order, 'a', appendWithin(() => Promise.reject(refused), 1000)('a'));
  await vi.advanceTimersByTimeAsync(0);
  expect(order).toEqual(['a ENOSPC']);
});

test('without Redis a case rings also while the disk hangs', async () => {
  const { append } = hangingDisk();
  const none = () => Promise.resolve();
  const load = () => Promise.resolve({ values: [], damaged: 0 });
  const rung: string[] = [];
  const local = createLocalStore({
    journal: createPlanJournal({ append, load, replace: none, remove: none, close: none }),
    alarmStream: REDIS_KEYS.alarms,
    newPlanId: () => 'p1',
    onDone: (_items, notifications) => void rung.push(...notifications.map(({ id }) => id)),
    clock: { nowMs: () => NOW, monoMs: () => NOW },
    logger: silent,
  });
  local.open(new Keyspace(), []);
  const record = openIncident();
  const about = {
    incidentId: record.id,
    to: { kind: 'user', id: 'h1' },
    reason: 'step',
    step: 'duty-helpers',
  } as const;
  const nothing = { guarded: [], events: [], entries: [], ack: null };
  const notifications = [{ id: 'n1', ...about, at: NOW }];
  const committing = local.store.commit({ ...nothing, incidents: [{ record, was: null }], notifications });
  await vi.advanceTimersByTimeAsync(1000);
  expect(rung).toEqual(['n1']);
  expect((await committing).kind).toBe('done');
});
