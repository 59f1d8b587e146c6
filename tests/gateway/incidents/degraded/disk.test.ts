import { appendFile, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Keyspace, KeyChange } from '../../../../gateway/incidents/degraded/keyspace.ts';
import { lineFile, type LineFile } from '../../../../gateway/incidents/degraded/line-file.ts';
import { decodeLines, encodeLine } from '../../../../gateway/incidents/degraded/lines.ts';
import { createMemoryFile } from '../../../../gateway/incidents/degraded/memory-file.ts';
import { createPlanJournal, type LocalPlan } from '../../../../gateway/incidents/degraded/plan-journal.ts';
import { NOW } from '../build.ts';

const clock = { nowMs: () => NOW, monoMs: () => NOW };
const loud: string[] = [];
const logger = pino({ level: 'error' }, { write: (line: string) => void loud.push(line) });

async function freshPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'zhuji-lines-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'degraded', 'file.jsonl');
}

describe('Lines', () => {
  test('come back as they were written, also with a torn end, and no flipped bit passes', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), fc.nat(), (values, chance) => {
        const text = values.map(encodeLine).join('');
        expect(decodeLines(text)).toEqual({
          values: values.map((value) => JSON.parse(JSON.stringify(value)) as unknown),
          damaged: 0,
        });
        const torn = decodeLines(text.slice(0, -2));
        expect(torn.values).toHaveLength(values.length - 1);
        const bytes = Buffer.from(text);
        const bit = chance % (bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        // What was a line break joins two lines or makes two of one; whatever is whole is as it was written.
        const known = new Set(values.map((value) => JSON.stringify(value)));
        for (const value of decodeLines(bytes.toString()).values) expect(known.has(JSON.stringify(value))).toBe(true);
      }),
    );
  });
});

const CHANGES: readonly KeyChange[] = [
  { op: 'text', key: 'seen', value: 'inc-1', until: NOW + 1000 },
  { op: 'text', key: 'over', value: 'inc-2', until: NOW - 1 },
  { op: 'incident', key: 'i', version: '3', json: '{"a":1}' },
  { op: 'push', key: 'l', value: 'one' },
  { op: 'push', key: 'l', value: 'two' },
  { op: 'rank', key: 'r', score: 2, member: 'm' },
];

async function keep(path: string, changes: readonly KeyChange[]): Promise<void> {
  const memory = createMemoryFile({ file: lineFile(path), clock, logger });
  const space = await memory.load();
  memory.start(space);
  for (const change of changes) {
    space.apply(change);
    memory.note(change);
  }
  await memory.stop();
}

const load = (path: string): Promise<Keyspace> => createMemoryFile({ file: lineFile(path), clock, logger }).load();

describe('What a gateway knows', () => {
  test('is there again after a stop, without what has come to its end, and goes on from there', async () => {
    const path = await freshPath();
    await keep(path, CHANGES);
    await keep(path, [{ op: 'push', key: 'l', value: 'three' }]);
    const space = await load(path);
    expect(space.list('l')).toEqual(['one', 'two', 'three']);
    expect(space.text('seen', NOW)).toBe('inc-1');
    expect(space.incident('i')).toEqual({ version: '3', json: '{"a":1}' });
    expect(space.ranked('r')).toEqual([['m', 2]]);
    expect(await readFile(path, 'utf8')).not.toContain('inc-2');
  });

  test('is gone from the disk too where it was erased', async () => {
    const path = await freshPath();
    const memory = createMemoryFile({ file: lineFile(path), clock, logger });
    const space = await memory.load();
    memory.start(space);
    const change = (made: KeyChange): void => {
      space.apply(made);
      memory.note(made);
    };
    change({ op: 'text', key: 'words', value: 'MARKER', until: null });
    await memory.stop();
    expect(await readFile(path, 'utf8')).toContain('MARKER');
    memory.start(space);
    change({ op: 'drop', key: 'words' });
    memory.rewrite();
    await memory.stop();
    expect(await readFile(path, 'utf8')).not.toContain('MARKER');
    expect((await load(path)).text('words', NOW)).toBeNull();
  });

  test('where the file is damaged the rest is used, and it is told loudly', async () => {
    const path = await freshPath();
    await keep(path, CHANGES);
    await writeFile(path, (await readFile(path, 'utf8')).replace('"one"', '"eno"'));
    loud.length = 0;
    const space = await load(path);
    expect(space.list('l')).toEqual(['two']);
    expect(space.text('seen', NOW)).toBe('inc-1');
    expect(loud.join()).toContain('damaged');
  });

  test.each([
    ['of another version', encodeLine({ form: 'zhuji-open-incidents', version: 2 }) + encodeLine(CHANGES[0])],
    ['nonsense', '\u0000\uffff\n\n{"op":"drop"}\n'],
  ])('a file that is %s ends nothing', async (_name, text) => {
    const path = await freshPath();
    await keep(path, []);
    await writeFile(path, text);
    loud.length = 0;
    expect([...(await load(path)).changes(NOW)]).toEqual([]);
    expect(loud).toHaveLength(1);
  });
});

test('a file longer than any string can be is read all the same', async () => {
  const path = await freshPath();
  const MIB = 1024 * 1024;
  await lineFile(path).append(['first']);
  // Holes: the disk does not hold it.
  const handle = await open(path, 'r+');
  for (let at = 1; at <= 520; at += 1) await handle.write(`\n${encodeLine(at)}`, at * MIB);
  await handle.close();
  const { values, damaged } = await lineFile(path).load();
  expect(values).toEqual(['first', ...Array.from({ length: 520 }, (_, n) => n + 1)]);
  expect(damaged).toBe(520);
}, 30_000);

describe('A disk without room', () => {
  test('keeps no half of a file that could not be replaced, and the whole one stands', async () => {
    const path = await freshPath();
    const file = lineFile(path);
    await file.append(['whole']);
    function* half(): Generator<string> {
      for (let n = 0; n < 1500; n += 1) yield `line ${n}`;
      throw new Error('no room');
    }
    await expect(file.replace(half())).rejects.toThrow('no room');
    expect(await readdir(dirname(path))).toEqual(['file.jsonl']);
    expect((await file.load()).values).toEqual(['whole']);
  });

  test('is not filled again and again: after a failure half a minute passes, but a stop tries once more', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    let attempts = 0;
    const none = (): Promise<void> => Promise.resolve();
    const file: LineFile = {
      ...{ append: none, remove: none, close: none },
      load: () => Promise.resolve({ values: [], damaged: 0 }),
      replace: () => {
        attempts += 1;
        return Promise.reject(Object.assign(new Error('no room'), { code: 'ENOSPC' }));
      },
    };
    const memory = createMemoryFile({ file, clock: { nowMs: () => NOW, monoMs: () => Date.now() }, logger });
    memory.start(await memory.load());
    await vi.advanceTimersByTimeAsync(20_000);
    expect(attempts).toBe(1);
    await vi.advanceTimersByTimeAsync(12_000);
    expect(attempts).toBe(2);
    await memory.stop();
    expect(attempts).toBe(3);
  });
});

test('plans come back in order, those before a torn end, and the file is gone when it is cleared', async () => {
  const path = await freshPath();
  const plan = (n: number): LocalPlan => ({ id: `p${n}`, request: { keys: ['k'], argument: '{}' }, before: [] });
  const journal = createPlanJournal(lineFile(path));
  await Promise.all([1, 2, 3].map((n) => journal.append(plan(n))));
  await journal.append({ notificationId: 'n', attempt: 1, outcome: null });
  await journal.close();
  await appendFile(path, encodeLine(plan(4)).slice(0, -3));
  const again = createPlanJournal(lineFile(path));
  expect(await again.load()).toEqual({
    plans: [plan(1), plan(2), plan(3)],
    attempts: [{ notificationId: 'n', attempt: 1, outcome: null }],
    damaged: 1,
  });
  // A torn end spoils nothing that is written after it.
  await again.append(plan(5));
  expect((await again.load()).plans.at(-1)).toEqual(plan(5));
  await again.clear();
  expect(await again.load()).toEqual({ plans: [], attempts: [], damaged: 0 });
});

test('a journal that is written anew has the new plans, attempts with how they ended, and what waited meanwhile, once each', async () => {
  const path = await freshPath();
  const plan = (n: number): LocalPlan => ({ id: `p${n}`, request: { keys: ['k'], argument: '{}' }, before: [] });
  const journal = createPlanJournal(lineFile(path));
  await Promise.all([1, 2].map((n) => journal.append(plan(n))));
  await journal.append({ notificationId: 'n', attempt: 1, outcome: null });
  await journal.append({ notificationId: 'n', attempt: 1, outcome: 'sent' });
  const writing = journal.rewrite(() => [plan(12), plan(3)]);
  await Promise.all([journal.append(plan(3)), journal.append({ notificationId: 'm', attempt: 1, outcome: null })]);
  await writing;
  await journal.append(plan(4));
  expect(await createPlanJournal(lineFile(path)).load()).toEqual({
    plans: [plan(12), plan(3), plan(4)],
    attempts: [
      { notificationId: 'n', attempt: 1, outcome: 'sent' },
      { notificationId: 'm', attempt: 1, outcome: null },
    ],
    damaged: 0,
  });
});

test('a journal that cannot be written anew keeps every plan, those that waited too', async () => {
  const path = await freshPath();
  const plan = (n: number): LocalPlan => ({ id: `p${n}`, request: { keys: ['k'], argument: '{}' }, before: [] });
  const full = {
    ...lineFile(path),
    replace: () => Promise.reject(Object.assign(new Error('no room'), { code: 'ENOSPC' })),
  };
  const journal = createPlanJournal(full);
  await journal.append(plan(1));
  const writing = journal.rewrite(() => [plan(12)]);
  const waited = journal.append(plan(2));
  await expect(writing).rejects.toThrow('no room');
  await waited;
  expect((await createPlanJournal(lineFile(path)).load()).plans).toEqual([plan(1), plan(2)]);
});
