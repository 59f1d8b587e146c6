import { expect, test } from 'vitest';
import { createGroupReader, pagesAfter } from '../../../../gateway/incidents/dispatch/group-reader.ts';
import type { StreamEntry } from '../../../../gateway/incidents/dispatch/stream-group.ts';
import { HandClock } from '../../ingest/hand-clock.ts';

function makeWorld() {
  const clock = new HandClock();
  const calls: string[] = [];
  const act = { readTakesMs: 0, fault: null as string | null };
  const note = async (call: string): Promise<void> => {
    calls.push(call);
    if (act.fault === call) throw new Error(call);
  };
  const reader = createGroupReader({
    group: {
      ensure: () => note('ensure'),
      readNew: async (blockMs) => {
        clock.advance(act.readTakesMs);
        return [{ id: `${blockMs}-0`, text: null }];
      },
    },
    take: (entries) => note(`take ${entries.map(({ id }) => id).join()}`),
    readOwn: () => note('own'),
    takeOver: () => note('take over'),
    takeOverEveryMs: 5000,
    clock,
  });
  const turn = async (): Promise<string[]> => {
    calls.length = 0;
    await reader.ensure();
    await reader.readOwn();
    await reader.takeOver();
    await reader.readNew(500);
    return [...calls];
  };
  return { clock, act, reader, turn };
}

test('the group is made and own entries are read in the first turn alone; the dead are looked after every so often', async () => {
  const { clock, reader, turn } = makeWorld();
  expect(await turn()).toEqual(['ensure', 'own', 'take over', 'take 500-0']);
  expect(await turn()).toEqual(['take 500-0']);
  expect(reader.untilTakeOverMs()).toBe(5000);
  clock.advance(5000);
  expect(await turn()).toEqual(['take over', 'take 500-0']);
});

test('after a fault the group is made anew and everything of one’s own is read again', async () => {
  const { reader, turn } = makeWorld();
  await turn();
  reader.doubt();
  expect(await turn()).toEqual(['ensure', 'own', 'take 500-0']);
});

test('what failed is done again in the next turn', async () => {
  const { act, turn } = makeWorld();
  act.fault = 'own';
  await expect(turn()).rejects.toThrow('own');
  act.fault = null;
  expect(await turn()).toEqual(['own', 'take over', 'take 500-0']);
});

test('a read that came back later than any answer may have been answered to nobody: own entries are read again', async () => {
  const { act, turn } = makeWorld();
  act.readTakesMs = 1400;
  await turn();
  expect(await turn()).toEqual(['take 500-0']);
  act.readTakesMs = 1600;
  await turn();
  expect(await turn()).toContain('own');
});

test('pages follow each other from where the one before ended, until one is empty', async () => {
  const entries: StreamEntry[] = ['1-0', '2-0', '3-0'].map((id) => ({ id, text: null }));
  const asked: string[] = [];
  const pages: string[][] = [];
  const readPage = async (after: string): Promise<StreamEntry[]> => {
    asked.push(after);
    const from = entries.findIndex(({ id }) => id === after) + 1;
    return entries.slice(from, from + 2);
  };
  for await (const page of pagesAfter('0', readPage)) pages.push(page.map(({ id }) => id));
  expect(pages).toEqual([['1-0', '2-0'], ['3-0']]);
  expect(asked).toEqual(['0', '2-0', '3-0']);
});
