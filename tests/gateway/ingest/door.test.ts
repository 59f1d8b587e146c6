import fc from 'fast-check';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { JournalError, NotDurableError } from '../../../gateway/errors.ts';
import type { StreamAnswer } from '../../../gateway/ingest/alarm-stream.ts';
import { createDoor, type Door, type DoorBounds } from '../../../gateway/ingest/door.ts';
import { createEventIds } from '../../../gateway/ingest/event-ids.ts';
import { Outbox } from '../../../gateway/ingest/outbox.ts';
import type { AlarmEvent } from '../../../devices/event.ts';
import { arrivalOf, eventOf } from './events.ts';
import { HandClock } from './hand-clock.ts';

type Ways = {
  readonly append: (event: AlarmEvent) => Promise<void>;
  readonly add: (event: AlarmEvent) => Promise<StreamAnswer>;
};

async function* nothing(): AsyncIterable<AlarmEvent> {}

function openDoor(ways: Ways, bounds?: DoorBounds): { door: Door; outbox: Outbox; settled: string[] } {
  const clock = new HandClock();
  const logger = pino({ level: 'silent' });
  const settled: string[] = [];
  const journal = { append: ways.append, settle: (id: string) => settled.push(id), unsettled: nothing, all: nothing };
  const outbox = new Outbox({ stream: { add: ways.add }, journal, clock, logger });
  const ids = createEventIds(clock);
  const door = createDoor({ journal, outbox, clock, ids, gatewayId: 'g1', logger, ...(bounds ? { bounds } : {}) });
  return { door, outbox, settled };
}

const never = <T>(): Promise<T> => new Promise<T>(() => {});
const durable = (): Promise<StreamAnswer> => Promise.resolve({ kind: 'durable' });
const silent = (): Promise<StreamAnswer> => Promise.resolve({ kind: 'silent', code: 'OOM' });
const failed = (): Promise<void> => Promise.reject(new JournalError('journal-fsync-failed', 'fault'));

/** What an accept has become after everything that can happen has happened. */
async function fateOf(accepted: Promise<unknown>): Promise<string> {
  let fate = 'pending';
  accepted.then(
    () => (fate = 'ack'),
    (error: unknown) => (fate = error instanceof NotDurableError ? error.code : 'wrong error'),
  );
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  return fate;
}

test.each([
  ['the journal alone', { append: () => Promise.resolve(), add: never }, 'ack'],
  ['redis alone', { append: never, add: durable }, 'ack'],
  ['redis while the journal fails', { append: failed, add: durable }, 'ack'],
  ['the journal while redis refuses', { append: () => Promise.resolve(), add: silent }, 'ack'],
  ['nobody, as both hang', { append: never, add: never }, 'pending'],
  ['nobody, as the journal hangs and redis is silent', { append: never, add: silent }, 'pending'],
  [
    'nobody, as the journal hangs and redis is unproven',
    { append: never, add: () => Promise.resolve<StreamAnswer>({ kind: 'unproven' }) },
    'pending',
  ],
  ['nobody, as the journal failed and redis hangs', { append: failed, add: never }, 'pending'],
  ['nobody, as both fail', { append: failed, add: silent }, 'not-durable'],
  [
    'nobody, as the journal failed and redis is unproven',
    { append: failed, add: () => Promise.resolve<StreamAnswer>({ kind: 'unproven' }) },
    'not-durable',
  ],
] as const)('an alarm is acknowledged by %s', async (_, ways, fate) => {
  const { door } = openDoor(ways);
  expect(await fateOf(door.accept(arrivalOf('d1')))).toBe(fate);
});

test('a waiting alarm is acknowledged when redis takes it at a later attempt', async () => {
  const answers: StreamAnswer[] = [{ kind: 'silent', code: 'no-answer' }, { kind: 'durable' }];
  const { door, outbox } = openDoor({ append: never, add: async () => answers.shift() ?? (await never()) });
  const accepted = door.accept(arrivalOf('d1'));
  expect(await fateOf(accepted)).toBe('pending');
  await outbox.resume();
  expect((await accepted).deviceId).toBe('d1');
});

test('no interleaving of answers acknowledges before one of them is durable, and none is left without an end', async () => {
  type Plan = {
    journal: 'ok' | 'fail' | 'hang';
    first: 'durable' | 'unproven' | 'silent';
    second: 'durable' | 'silent';
  };
  const plan: fc.Arbitrary<Plan> = fc.record({
    journal: fc.constantFrom('ok', 'fail', 'hang'),
    first: fc.constantFrom('durable', 'unproven', 'silent'),
    second: fc.constantFrom('durable', 'silent'),
  });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(plan, { minLength: 1, maxLength: 6 }), async (s, plans) => {
      const durableIds = new Set<string>();
      const attempts = new Map<string, number>();
      const planOf = (event: AlarmEvent): Plan =>
        plans[Number(event.deviceId)] ?? { journal: 'hang', first: 'silent', second: 'silent' };
      const { door, outbox } = openDoor({
        append: async (event) => {
          const { journal } = planOf(event);
          if (journal === 'hang') await never();
          await s.schedule(Promise.resolve(), `journal ${event.deviceId}`);
          if (journal === 'fail') throw new JournalError('journal-write-failed', 'fault');
          durableIds.add(event.id);
        },
        add: async (event) => {
          const attempt = (attempts.get(event.id) ?? 0) + 1;
          attempts.set(event.id, attempt);
          await s.schedule(Promise.resolve(), `redis ${event.deviceId}`);
          const kind = attempt === 1 ? planOf(event).first : planOf(event).second;
          if (kind === 'durable') durableIds.add(event.id);
          return kind === 'silent' ? { kind, code: 'no-answer' } : { kind };
        },
      });
      const fates = plans.map(() => 'pending');
      plans.forEach((_, index) => {
        door.accept(arrivalOf(String(index))).then(
          (event) => {
            expect(durableIds.has(event.id)).toBe(true);
            fates[index] = 'ack';
          },
          () => {
            fates[index] = 'refused';
          },
        );
      });
      await s.waitIdle();
      void outbox.resume();
      await s.waitIdle();
      plans.forEach(({ journal, first, second }, index) => {
        if (journal === 'ok') expect(fates[index]).toBe('ack');
        if (first === 'durable') expect(fates[index]).toBe('ack');
        if (journal === 'fail' && first !== 'durable') expect(fates[index]).toBe('refused');
        if (journal === 'hang' && first === 'unproven') expect(fates[index]).toBe('pending');
        if (journal === 'hang' && first === 'silent') {
          // Parcels are sent again in order up to the first that redis does not take.
          if (fates[index] === 'ack') expect(second).toBe('durable');
          else expect(fates[index]).toBe('pending');
        }
      });
    }),
    { numRuns: 300 },
  );
});

test('beyond the bound an alarm is refused at once, and there is room again after an end', async () => {
  const release: (() => void)[] = [];
  const append = (): Promise<void> => new Promise((resolve) => release.push(resolve));
  const { door } = openDoor({ append, add: silent }, { maxWaiting: 2, maxWaitingBytes: 1_000_000 });
  const first = door.accept(arrivalOf('a'));
  const second = door.accept(arrivalOf('b'));
  await expect(door.accept(arrivalOf('c'))).rejects.toMatchObject({ code: 'door-full' });
  release.forEach((free) => free());
  await Promise.all([first, second]);
  const third = door.accept(arrivalOf('d'));
  release.forEach((free) => free());
  expect((await third).deviceId).toBe('d');
});

test('the bytes that wait are bounded as well', async () => {
  const { door } = openDoor({ append: never, add: never }, { maxWaiting: 100, maxWaitingBytes: 50_000 });
  void door.accept(arrivalOf('a', new Uint8Array(40_000)));
  await expect(door.accept(arrivalOf('b', new Uint8Array(40_000)))).rejects.toMatchObject({ code: 'door-full' });
});

test('the event carries what arrived, the frame cut at 64 KiB, and both ways get the same one', async () => {
  const seen: AlarmEvent[] = [];
  const { door } = openDoor({
    append: (event) => Promise.resolve(void seen.push(event)),
    add: (event) => (seen.push(event), durable()),
  });
  const pool = Buffer.concat([Buffer.alloc(10, 1), Buffer.alloc(70_000, 2)]);
  const event = await door.accept({ ...arrivalOf('d1', pool.subarray(10)), standing: 'unverified' });
  expect(event).toMatchObject({
    deviceId: 'd1',
    gatewayId: 'g1',
    standing: 'unverified',
    receivedAt: 1_700_000_000_000,
  });
  expect(Buffer.from(event.raw, 'base64').equals(Buffer.alloc(64 * 1024, 2))).toBe(true);
  expect(seen.map(({ id }) => id)).toEqual([event.id, event.id]);
});

test('the same frame twice is two alarms: the door judges no repeats', async () => {
  const { door } = openDoor({ append: () => Promise.resolve(), add: durable });
  const raw = Buffer.from('{"type":"sos","id":"7"}');
  const [one, two] = await Promise.all([door.accept(arrivalOf('d1', raw)), door.accept(arrivalOf('d1', raw))]);
  expect(one.id).not.toBe(two.id);
});

test('an alarm that comes from no frame goes the same way', async () => {
  const { door, settled } = openDoor({ append: () => Promise.resolve(), add: durable });
  const { id: _, receivedAt: __, gatewayId: ___, ...fields } = eventOf(1);
  const event = await door.raise({ ...fields, deviceId: null, source: { protocol: 'by-hand', peer: 'console' } });
  expect(event).toMatchObject({ deviceId: null, gatewayId: 'g1' });
  await expect.poll(() => settled, { timeout: 20_000 }).toEqual([event.id]);
});

test('an alarm that redis has is settled in the journal', async () => {
  const { door, settled } = openDoor({ append: () => Promise.resolve(), add: durable });
  const event = await door.accept(arrivalOf('d1'));
  await expect.poll(() => settled, { timeout: 20_000 }).toEqual([event.id]);
});
