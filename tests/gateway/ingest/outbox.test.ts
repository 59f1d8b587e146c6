import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { AlarmEvent } from '../../../devices/event.ts';
import type { StreamAnswer } from '../../../gateway/ingest/alarm-stream.ts';
import { Outbox, type OutboxOptions } from '../../../gateway/ingest/outbox.ts';
import { eventOf } from './events.ts';
import { HandClock } from './hand-clock.ts';

/** A Redis that can be switched off, and a journal that remembers. */
class World {
  isUp = true;
  readonly added: string[] = [];
  readonly stored: AlarmEvent[] = [];
  readonly settled = new Set<string>();
  readonly undelivered: string[] = [];
  reads = 0;

  readonly stream = {
    add: (event: AlarmEvent): Promise<StreamAnswer> => {
      if (!this.isUp) return Promise.resolve({ kind: 'silent', code: 'no-answer' });
      this.added.push(event.id);
      return Promise.resolve({ kind: 'durable' });
    },
  };

  readonly journal = {
    settle: (id: string): void => void this.settled.add(id),
    unsettled: (): AsyncIterable<AlarmEvent> => this.#read((event) => !this.settled.has(event.id)),
    all: (): AsyncIterable<AlarmEvent> => this.#read(() => true),
  };

  async *#read(isWanted: (event: AlarmEvent) => boolean): AsyncIterable<AlarmEvent> {
    this.reads += 1;
    for (const event of this.stored) if (isWanted(event)) yield event;
  }

  outbox(options: Partial<OutboxOptions> = {}): Outbox {
    return new Outbox({
      stream: this.stream,
      journal: this.journal,
      clock: new HandClock(),
      logger: pino({ level: 'silent' }),
      onUndelivered: (event) => this.undelivered.push(event.id),
      ...options,
    });
  }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

test('what the journal holds unanswered from an earlier run is sent at the first resume, once', async () => {
  const world = new World();
  world.stored.push(eventOf(1), eventOf(2));
  world.journal.settle(eventOf(1).id);
  const outbox = world.outbox();
  await outbox.resume();
  await outbox.resume();
  expect(world.added).toEqual([eventOf(2).id]);
  expect(world.settled.has(eventOf(2).id)).toBe(true);
  expect(world.reads).toBe(1);
});

test('an alarm that redis did not take is told once and sent again under the same id', async () => {
  const world = new World();
  const outbox = world.outbox();
  await outbox.resume();
  world.isUp = false;
  const answers: string[] = [];
  outbox.send(eventOf(1), (answer) => answers.push(answer.kind));
  outbox.journalled(eventOf(1).id, true);
  await turns();
  await outbox.resume();
  expect(world.undelivered).toEqual([eventOf(1).id]);
  world.isUp = true;
  await outbox.resume();
  expect(world.added).toEqual([eventOf(1).id]);
  expect(answers).toEqual(['silent', 'silent', 'durable']);
  expect(outbox.backlog()).toEqual({ waiting: 0, bytes: 0, isBehind: false, oldest: null });
});

test('memory is bounded while redis is away, and what was forgotten is read again from the journal', async () => {
  const world = new World();
  const outbox = world.outbox({ maxBytes: 10_000 });
  await outbox.resume();
  world.isUp = false;
  for (let n = 0; n < 100; n += 1) {
    const event = eventOf(n, 'A'.repeat(1000));
    world.stored.push(event);
    outbox.send(event, () => {});
    await turns();
    outbox.journalled(event.id, true);
  }
  expect(outbox.backlog().bytes).toBeLessThanOrEqual(10_000);
  expect(outbox.backlog().isBehind).toBe(true);
  world.isUp = true;
  await outbox.resume();
  expect(new Set(world.added)).toEqual(new Set(world.stored.map(({ id }) => id)));
  expect(world.added).toHaveLength(100);
  expect(outbox.backlog()).toEqual({ waiting: 0, bytes: 0, isBehind: false, oldest: null });
});

test('an alarm whose journal copy failed is kept while there is room, for it may still ring', async () => {
  const world = new World();
  const outbox = world.outbox();
  await outbox.resume();
  world.isUp = false;
  outbox.send(eventOf(1), () => {});
  outbox.journalled(eventOf(1).id, false);
  await turns();
  world.isUp = true;
  await outbox.resume();
  expect(world.added).toEqual([eventOf(1).id]);
});

test('redis falling silent in the middle leaves the rest for the next time', async () => {
  const world = new World();
  for (let n = 0; n < 200; n += 1) world.stored.push(eventOf(n));
  const add = (event: AlarmEvent): Promise<StreamAnswer> => {
    if (world.added.length >= 70) world.isUp = false;
    return world.stream.add(event);
  };
  const outbox = world.outbox({ stream: { add } });
  await outbox.resume();
  expect(outbox.backlog().isBehind).toBe(true);
  world.added.length = 0;
  world.isUp = true;
  const second = world.outbox();
  await second.resume();
  expect(world.settled.size).toBe(200);
});

test('a journal that cannot be read is tried again at the next resume', async () => {
  const world = new World();
  world.stored.push(eventOf(1));
  let isBroken = true;
  const unsettled = async function* (): AsyncIterable<AlarmEvent> {
    if (isBroken) throw new Error('gone');
    yield* world.stored;
  };
  const outbox = world.outbox({ journal: { ...world.journal, unsettled } });
  await outbox.resume();
  expect(world.added).toEqual([]);
  isBroken = false;
  await outbox.resume();
  expect(world.added).toEqual([eventOf(1).id]);
});

test('everything is sent again on request, settled or not', async () => {
  const world = new World();
  world.stored.push(eventOf(1), eventOf(2));
  world.journal.settle(eventOf(1).id);
  const outbox = world.outbox();
  expect(await outbox.sendAllAgain()).toBe(true);
  expect(world.added).toEqual([eventOf(1).id, eventOf(2).id]);
  world.isUp = false;
  expect(await outbox.sendAllAgain()).toBe(false);
});

test('a journal that hangs while it is read does not keep what is in memory from redis', async () => {
  const world = new World();
  const hanging = Promise.withResolvers<never>();
  const journal = {
    ...world.journal,
    unsettled: (): AsyncIterable<AlarmEvent> => ({
      [Symbol.asyncIterator]: () => ({ next: () => hanging.promise }),
    }),
  };
  const outbox = world.outbox({ journal });
  void outbox.resume();
  await turns();
  world.isUp = false;
  const answers: string[] = [];
  outbox.send(eventOf(1), ({ kind }) => answers.push(kind));
  await turns();
  world.isUp = true;
  void outbox.resume();
  await turns();
  expect(answers).toEqual(['silent', 'durable']);
});
