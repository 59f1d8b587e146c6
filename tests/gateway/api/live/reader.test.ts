import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFeedReader, FeedGapError } from '../../../../gateway/api/live/reader.ts';
import { Board } from '../../../../gateway/incidents/board.ts';
import { comparePositions, type LogPosition } from '../../../../gateway/incidents/log-position.ts';
import type { LogItem } from '../../../../gateway/incidents/log-reader.ts';

const at = (n: number) => `${n}-0` as LogPosition;

function item(n: number): LogItem {
  const entry = { id: at(n), incidentId: null, type: 'note', actor: 'system', at: n, data: {}, said: {} };
  return { id: at(n), entry, incident: null };
}

/** A log, a board that follows it at its own pace, and one reader. */
function createWorld(from: number, boardFrom: number, length: number) {
  const log = Array.from({ length }, (_, n) => item(n + 1));
  const board = new Board();
  board.reset([], at(boardFrom));
  const sent: string[] = [];
  const page = async (after: LogPosition, count: number) =>
    log.filter(({ id }) => comparePositions(id, after) > 0).slice(0, count);
  const reader = (readPage: typeof page) =>
    createFeedReader({
      sink: { send: ({ id }) => sent.push(id ?? '') > 0 },
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
        async (scheduler, from, boardFrom, more) => {
          const world = createWorld(from, boardFrom, 20 + more);
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

  test('is sent nothing more after it was ended or its bound was passed', async () => {
    const { board, page } = createWorld(0, 0, 0);
    const sent: string[] = [];
    const reader = createFeedReader({
      sink: { send: ({ id }) => sent.push(id ?? '') < 2 },
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
