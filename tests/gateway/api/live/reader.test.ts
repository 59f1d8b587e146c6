import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFeedReader, FeedGapError } from '../../../../gateway/api/live/reader.ts';
import { Board } from '../../../../gateway/incidents/board.ts';
import { comparePositions, type LogPosition } from '../../../../gateway/incidents/log/log-position.ts';
import type { LogItem } from '../../../../gateway/incidents/log/log-reader.ts';

const at = (n: number) => `${n}-0` as LogPosition;

function item(n: number): LogItem {
  const entry = { id: at(n), incidentId: null, type: 'note', actor: 'system', at: n, data: {}, said: {} };
  return { id: at(n), entry, incident: null };
}

/** How a console reads: whether it has room for more, when it has taken what waits, what is sent to it. */
type Pace = {
  readonly room?: () => boolean;
  readonly drained?: () => Promise<void>;
  readonly onSent?: () => number;
};

/** A log, a board that follows it at its own pace, and one reader. */
function createWorld(
  from: number,
  boardFrom: number,
  length: number,
  { room = () => true, drained = async () => undefined, onSent = () => 0 }: Pace = {},
) {
  const log = Array.from({ length }, (_, n) => item(n + 1));
  const board = new Board();
  board.reset([], at(boardFrom));
  const sent: string[] = [];
  const page = async (after: LogPosition, count: number) =>
    log.filter(({ id }) => comparePositions(id, after) > 0).slice(0, count);
  const reader = (readPage: typeof page) =>
    createFeedReader({
      sink: { send: ({ id }) => onSent() >= 0 && sent.push(id ?? '') > 0, hasRoom: room, drained },
      from: at(from),
      recentAfter: (position) => board.recentAfter(position),
      page: readPage,
    });
  return { log, board, sent, page, reader };
}

describe('A console', () => {
  test('gets everything after its point once and in order, however catching up and new items interleave', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 1, max: 25 }),
        async (scheduler, from, boardFrom, more, bound) => {
          // What waits unread; its console takes it at a moment of its own.
          let unread = 0;
          const room = () => unread < bound;
          const drained = scheduler.scheduleFunction(async () => {
            unread = 0;
          });
          const world = createWorld(from, boardFrom, 20 + more, { room, drained, onSent: () => (unread += 1) });
          // The log grows entry by entry; before that nobody can read it.
          const all = world.log.splice(20);
          const reader = world.reader(scheduler.scheduleFunction(world.page));
          const follow = (next: LogItem) => {
            if (world.board.apply(next)) reader.take(next);
          };
          for (const next of world.log) follow(next);
          const started = reader.start();
          scheduler.scheduleSequence(
            all.map((next) => ({
              label: `entry ${next.id}`,
              builder: async () => {
                world.log.push(next);
                follow(next);
              },
            })),
          );
          await scheduler.waitFor(started);
          await scheduler.waitAll();
          const expected = world.log.map(({ id }) => id).filter((id) => comparePositions(id, at(from)) > 0);
          expect(world.sent).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('that reads slowly never has more of what it missed waiting than its bound', async () => {
    let unread = 0;
    let most = 0;
    const { log, board, page } = createWorld(0, 0, 500);
    for (const next of log.slice(0, 100)) board.apply(next);
    const reader = createFeedReader({
      sink: {
        send: () => {
          unread += 1;
          most = Math.max(most, unread);
          return true;
        },
        hasRoom: () => unread < 10,
        drained: async () => {
          unread = 0;
        },
      },
      from: at(0),
      recentAfter: (position) => board.recentAfter(position),
      page,
    });
    await reader.start();
    expect(most).toBe(10);
  });

  test('gets what a gateway did by itself also where it was catching up then', async () => {
    const { board, log, page } = createWorld(0, 0, 3);
    for (const next of log) board.apply(next);
    const sent: (string | null)[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    let hasRoom = false;
    const reader = createFeedReader({
      sink: { send: ({ id }) => sent.push(id) > 0, hasRoom: () => hasRoom, drained: () => promise },
      from: at(0),
      recentAfter: (position) => board.recentAfter(position),
      page,
    });
    const started = reader.start();
    reader.take({ ...item(9), id: null });
    hasRoom = true;
    resolve();
    await started;
    expect(sent).toEqual([at(1), at(2), at(3), null]);
  });

  test('is sent nothing more after it was ended or its bound was passed', async () => {
    const { board, page } = createWorld(0, 0, 0);
    const sent: string[] = [];
    const reader = createFeedReader({
      sink: { send: ({ id }) => sent.push(id ?? '') < 2, hasRoom: () => true, drained: async () => undefined },
      from: at(0),
      recentAfter: (position) => board.recentAfter(position),
      page,
    });
    await reader.start();
    for (const n of [1, 2, 3]) reader.take(item(n));
    expect(sent).toEqual([at(1), at(2)]);
  });

  test('is ended, not left turning, when what it missed is gone', async () => {
    const { log, reader, page } = createWorld(1, 10, 20);
    log.length = 0;
    await expect(reader(page).start()).rejects.toBeInstanceOf(FeedGapError);
  });

  test('is ended when the log does not answer', async () => {
    const { reader } = createWorld(1, 10, 20);
    await expect(reader(() => Promise.reject(new Error('silent'))).start()).rejects.toThrow('silent');
  });
});
