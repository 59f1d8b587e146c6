import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AlarmEvent } from '../../../../devices/event.ts';
import { DispatchLines, type InHand, type LineBounds } from '../../../../gateway/incidents/dispatch/dispatch-lines.ts';
import { pressed } from '../build.ts';

type Outcome = 'done' | 'again';

const entryOf = (id: string): InHand['entry'] => ({ id, text: '{}', deliveries: 1 });

/** A stream whose consumer is the lines, driven as the dispatcher does it. Entry `n` of device `d`, in order of arrival. */
function createWorld(bounds: Partial<LineBounds>, outcomeOf: (id: string, attempt: number) => Outcome = () => 'done') {
  const arrived: InHand[] = [];
  const pending = new Map<string, InHand>();
  const handled: string[] = [];
  const attempts = new Map<string, number>();
  const world = {
    ...{ mostInHand: 0, inHand: 0, refills: 0, reads: 0, isSilent: false, suspectInHand: false },
    onHandle: (_id: string): void => undefined,
    isSuspect: (_id: string): boolean => false,
  };
  const lines = new DispatchLines({
    handle: async (inHand) => {
      const { id } = inHand.entry;
      world.inHand += 1;
      world.mostInHand = Math.max(world.mostInHand, world.inHand);
      world.onHandle(id);
      if (world.isSuspect(id)) world.suspectInHand = true;
      await turnOfTheLoop();
      world.inHand -= 1;
      if (world.isSuspect(id)) world.suspectInHand = false;
      if (world.isSilent) throw new Error('silent');
      const attempt = (attempts.get(id) ?? 0) + 1;
      attempts.set(id, attempt);
      if (outcomeOf(id, attempt) === 'again') return 'again';
      handled.push(id);
      pending.delete(id);
      return 'done';
    },
    monoMs: () => 0,
    pause: async () => {
      for (let n = 0; n < 5; n += 1) await turnOfTheLoop();
    },
    bounds,
  });
  const add = (deviceId: string, changes: Partial<AlarmEvent['message']> = {}): string => {
    const id = `${1000 + Math.floor(arrived.length / 3)}-${arrived.length % 3}`;
    arrived.push({ entry: entryOf(id), event: pressed({ deviceId, message: changes }), isSuspect: false });
    return id;
  };
  let read = 0;
  const isAfter = (id: string, after: string): boolean => {
    const [ms = 0, seq = 0] = id.split('-').map(Number);
    const [afterMs = 0, afterSeq = 0] = after.split('-').map(Number);
    return ms > afterMs || (ms === afterMs && seq > afterSeq);
  };
  const takePending = (from: string): void => {
    let after = from;
    for (;;) {
      const page = [...pending.values()]
        .filter(({ entry }) => isAfter(entry.id, after))
        .toSorted((a, b) => (isAfter(a.entry.id, b.entry.id) ? 1 : -1))
        .slice(0, 4);
      world.reads += 1;
      const last = page.at(-1);
      if (last === undefined) return lines.endRefill();
      for (const each of page) lines.take(each);
      if (from !== '0' && !lines.isRefilling()) return;
      after = last.entry.id;
    }
  };
  const turn = (): void => {
    const after = lines.beginRefill();
    if (after !== null) {
      world.refills += 1;
      takePending(after);
    }
    if (!lines.hasRoom()) return;
    const page = arrived.slice(read, read + 4);
    read += page.length;
    for (const each of page) {
      pending.set(each.entry.id, each);
      lines.take(each);
    }
  };
  const untilAll = async (): Promise<void> => {
    for (let turns = 0; turns < 20_000 && handled.length < arrived.length; turns += 1) {
      turn();
      await turnOfTheLoop();
    }
  };
  const idsOf = (deviceId: string): string[] =>
    arrived.filter(({ event }) => event?.deviceId === deviceId).map(({ entry }) => entry.id);
  return { world, lines, add, turn, untilAll, handled, idsOf, arrived, pending, takePending };
}

const SMALL = { perLine: 4, entries: 16, sideBySide: 3 };

test('a flood from one device keeps nobody else waiting, and its own order', async () => {
  const { world, add, untilAll, handled, idsOf } = createWorld(SMALL);
  for (let n = 0; n < 500; n += 1) add('stuck');
  const press = add('other');
  await untilAll();
  // It had to be read past everything in front of it, four at a time, and not be decided after it.
  expect(handled.indexOf(press)).toBeLessThan(500 - 100);
  expect(handled.filter((id) => id !== press)).toEqual(idsOf('stuck'));
  expect(world.mostInHand).toBeLessThanOrEqual(3);
  // What was left in the stream is read again a part at a time, not from the beginning each time.
  expect(world.reads).toBeLessThan(2 * world.refills + 200);
});

test('what may be a person in danger is decided before what can wait, which is not forgotten', async () => {
  const { add, turn, lines, handled } = createWorld({ ...SMALL, sideBySide: 1, perLine: 100, entries: 1000 });
  for (let n = 0; n < 40; n += 1) add(`meter-${n}`, { type: 'low-battery' });
  const presses = Array.from({ length: 20 }, (_, n) => add(`phone-${n}`, { type: 'sos' }));
  for (let n = 0; n < 15; n += 1) turn();
  while (handled.length < 60) await lines.progress();
  const first = handled.slice(0, 30);
  expect(presses.filter((id) => first.includes(id))).toHaveLength(20);
  expect(first.length - 20).toBeGreaterThan(2);
});

test('one that cannot be decided is tried again while the others of its device go on', async () => {
  const { add, untilAll, handled, idsOf } = createWorld(SMALL, (_id, attempt) => (attempt < 3 ? 'again' : 'done'));
  add('d-1');
  for (let n = 0; n < 20; n += 1) add(`d-${n % 3}`);
  await untilAll();
  expect(handled.toSorted()).toEqual([...idsOf('d-0'), ...idsOf('d-1'), ...idsOf('d-2')].toSorted());
});

test('an older alarm that is taken over while its line is full is not forgotten', async () => {
  const { lines, add, turn, handled, pending } = createWorld(SMALL);
  const claimed = { entry: entryOf('5-0'), event: pressed({ deviceId: 'd-1' }), isSuspect: false };
  for (let n = 0; n < 12; n += 1) add('d-1');
  turn();
  turn();
  expect(lines.hasLeft()).toBe(true);
  pending.set('5-0', claimed);
  lines.take(claimed);
  for (let n = 0; n < 200; n += 1) {
    turn();
    await turnOfTheLoop();
  }
  expect(handled).toHaveLength(13);
  expect(handled).toContain('5-0');
  expect(lines.hasLeft()).toBe(false);
});

test('a store that falls silent stops everything; what was in hand is then read again', async () => {
  const { world, lines, add, turn, takePending, untilAll, handled, arrived } = createWorld(SMALL);
  for (let n = 0; n < 30; n += 1) add(`d-${n % 2}`);
  world.isSilent = true;
  for (let n = 0; n < 10; n += 1) {
    turn();
    await turnOfTheLoop();
  }
  expect(lines.fault()).toMatchObject({ error: { message: 'silent' } });
  expect(handled).toEqual([]);
  await lines.drop();
  expect([lines.fault(), world.inHand]).toEqual([null, 0]);
  world.isSilent = false;
  takePending('0');
  await untilAll();
  expect(handled.toSorted()).toEqual(arrived.map(({ entry }) => entry.id).toSorted());
});

test('whatever comes in whatever order, every entry is decided once, and those of a device in their order', async () => {
  const stream = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 120 });
  const bounds = fc.record({
    perLine: fc.integer({ min: 1, max: 5 }),
    entries: fc.integer({ min: 5, max: 12 }),
    sideBySide: fc.integer({ min: 1, max: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(stream, bounds, fc.boolean(), async (devices, limits, isUneven) => {
      const { add, untilAll, handled, idsOf, arrived } = createWorld(limits);
      // The small numbers are floods.
      for (const device of devices) for (let n = 0; n <= (isUneven && device === 0 ? 9 : 0); n += 1) add(`d-${device}`);
      await untilAll();
      expect(handled.toSorted()).toEqual(arrived.map(({ entry }) => entry.id).toSorted());
      for (let device = 0; device <= 4; device += 1) {
        const own = idsOf(`d-${device}`);
        expect(handled.filter((id) => own.includes(id))).toEqual(own);
      }
    }),
    { numRuns: 60 },
  );
});

test('a suspect is decided while nothing else is, and keeps the others waiting for no more than that', async () => {
  const { world, lines, add, turn, handled, pending, arrived } = createWorld({ ...SMALL, sideBySide: 3 });
  const alone: number[] = [];
  const suspects = ['1-0', '1-1', '1-2'];
  for (const id of suspects) pending.set(id, { entry: entryOf(id), event: null, isSuspect: true });
  const takeSuspects = (): void => {
    for (const id of suspects) lines.take({ entry: entryOf(id), event: null, isSuspect: true });
  };
  world.onHandle = (id) => {
    if (suspects.includes(id)) alone.push(world.inHand);
    else if (world.suspectInHand) alone.push(-1);
  };
  world.isSuspect = (id) => suspects.includes(id);
  takeSuspects();
  for (let n = 0; n < 40; n += 1) add(`d-${n % 8}`);
  for (let n = 0; n < 400 && handled.length < 43; n += 1) {
    turn();
    await turnOfTheLoop();
  }
  expect(handled.toSorted()).toEqual([...suspects, ...arrived.map(({ entry }) => entry.id)].toSorted());
  expect(alone).toEqual([1, 1, 1]);
  // They come in their order and between the others, not before all of them nor after.
  expect(handled.filter((id) => suspects.includes(id))).toEqual(suspects);
  expect(handled.indexOf('1-2')).toBeLessThan(40);
});
