import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { AlarmEvent } from '../../../../devices/event.ts';
import { systemClock } from '../../../../gateway/clock.ts';
import { Journal, type JournalOptions } from '../../../../gateway/ingest/journal/journal.ts';
import { eventOf } from '../events.ts';
import { FaultyDisk } from '../../segments/faulty-disk.ts';

const SETTINGS = { segmentBytes: 64 * 1024, reserveBytes: 64 * 1024 };

async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'zhuji-journal-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function startJournal(folder: string, options: Partial<JournalOptions> = {}): Promise<Journal> {
  const journal = new Journal({
    folder,
    clock: systemClock,
    logger: pino({ level: 'silent' }),
    settings: SETTINGS,
    ...options,
  });
  onTestFinished(() => journal.stop());
  await journal.start();
  return journal;
}

async function idsOf(events: AsyncIterable<AlarmEvent>): Promise<string[]> {
  const ids: string[] = [];
  for await (const event of events) ids.push(event.id);
  return ids;
}

/** Alarms n, n+1, … and what became of each append. */
function appendMany(journal: Journal, from: number, count: number): Promise<PromiseSettledResult<void>[]> {
  return Promise.allSettled(Array.from({ length: count }, (_, index) => journal.append(eventOf(from + index))));
}

test('what was appended is there after a restart, word for word', async () => {
  const folder = await scratchFolder();
  const first = await startJournal(folder);
  const event = { ...eventOf(1, Buffer.from('{"type":"sos"}').toString('base64')), deviceId: '按键-1' };
  await first.append(event);
  await first.append(eventOf(2));
  first.settle(eventOf(2).id);
  await first.stop();
  const second = await startJournal(folder);
  const events: AlarmEvent[] = [];
  for await (const one of second.unsettled()) events.push(one);
  expect(events).toEqual([event]);
  expect(await idsOf(second.all())).toEqual([event.id, eventOf(2).id]);
});

test('many alarms at once share an fsync', async () => {
  const disk = new FaultyDisk();
  const journal = await startJournal(await scratchFolder(), { disk: disk.asOption() });
  await journal.append(eventOf(0));
  disk.set('hang');
  const before = disk.fsyncsBegun();
  const blocker = journal.append(eventOf(1));
  await vi.waitFor(() => expect(disk.fsyncsBegun()).toBe(before + 1), { timeout: 20_000 });
  const rest = appendMany(journal, 2, 50);
  disk.set('ok');
  await blocker;
  expect(await rest).toSatisfy((results: PromiseSettledResult<void>[]) =>
    results.every((r) => r.status === 'fulfilled'),
  );
  // One for the blocker, one for the fifty; a slice of the next segment may have come between.
  expect(disk.fsyncsBegun() - before).toBeLessThan(8);
});

test('an append stays pending until its fsync has returned', async () => {
  const disk = new FaultyDisk();
  const journal = await startJournal(await scratchFolder(), { disk: disk.asOption() });
  await vi.waitFor(() => expect(disk.fsyncsBegun()).toBe(disk.fsyncsReturned()), { timeout: 20_000 });
  disk.set('hang');
  let isDone = false;
  const appended = journal.append(eventOf(1)).then(() => {
    isDone = true;
  });
  await vi.waitFor(() => expect(disk.fsyncsBegun()).toBe(disk.fsyncsReturned() + 1), { timeout: 20_000 });
  expect(isDone).toBe(false);
  const returned = disk.fsyncsReturned();
  disk.set('ok');
  await appended;
  expect(disk.fsyncsReturned()).toBeGreaterThan(returned);
});

test('a disk that hangs fills the queue up to its bound, then appends are refused at once', async () => {
  const disk = new FaultyDisk();
  const settings = { ...SETTINGS, maxQueuedBytes: 10_000 };
  const journal = await startJournal(await scratchFolder(), { disk: disk.asOption(), settings });
  disk.set('hang');
  const raw = 'A'.repeat(2000);
  const waiting = Array.from({ length: 4 }, (_, n) => journal.append(eventOf(n, raw)));
  await expect(journal.append(eventOf(9, raw))).rejects.toMatchObject({ code: 'journal-full' });
  expect(journal.health().queuedBytes).toBeGreaterThan(8000);
  disk.set('ok');
  await Promise.all(waiting);
  expect(journal.health().queuedBytes).toBe(0);
});

test('an fsync that fails refuses with a code, and the journal goes on in another file', async () => {
  const disk = new FaultyDisk();
  const folder = await scratchFolder();
  const journal = await startJournal(folder, { disk: disk.asOption() });
  await journal.append(eventOf(1));
  disk.set('fail');
  await expect(journal.append(eventOf(2))).rejects.toMatchObject({ name: 'JournalError' });
  expect(journal.health().status).not.toBe('ok');
  disk.set('ok');
  await journal.append(eventOf(3));
  await vi.waitFor(() => expect(journal.health().status).toBe('ok'), { timeout: 20_000 });
  const kept = await idsOf(journal.unsettled());
  expect(kept).toEqual(expect.arrayContaining([eventOf(1).id, eventOf(3).id]));
});

test('a worker that dies refuses what waits and is back by itself with all that was durable', async () => {
  const disk = new FaultyDisk();
  const journal = await startJournal(await scratchFolder(), { disk: disk.asOption() });
  await journal.append(eventOf(1));
  disk.set('die');
  const results = await appendMany(journal, 2, 3);
  expect(results.map((r) => r.status === 'rejected' && (r.reason as { code: string }).code)).toContain('journal-down');
  disk.set('ok');
  await vi.waitFor(() => journal.append(eventOf(7)), { timeout: 20_000, interval: 20 });
  expect(await idsOf(journal.unsettled())).toEqual(expect.arrayContaining([eventOf(1).id, eventOf(7).id]));
});

test('a folder that cannot be made is said, and works as soon as it can', async () => {
  const folder = join(await scratchFolder(), 'taken');
  await writeFile(folder, 'a file stands where the folder should');
  const journal = await startJournal(folder);
  expect(journal.health()).toMatchObject({ status: 'failed', detail: 'no file to write to' });
  await expect(journal.append(eventOf(1))).rejects.toMatchObject({ name: 'JournalError' });
  await rm(folder);
  await vi.waitFor(() => journal.append(eventOf(2)), { timeout: 5000, interval: 50 });
  expect(await idsOf(journal.unsettled())).toContain(eventOf(2).id);
});

test('an event over the bound of a record is refused with a code', async () => {
  const journal = await startJournal(await scratchFolder());
  await expect(journal.append(eventOf(1, 'A'.repeat(256 * 1024)))).rejects.toMatchObject({ code: 'journal-too-large' });
});

test('the files are readable by their owner only', async () => {
  const folder = join(await scratchFolder(), 'journal');
  const journal = await startJournal(folder);
  await journal.append(eventOf(1));
  expect((await stat(folder)).mode & 0o077).toBe(0);
  for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
});

test('start and stop may be called twice, and an append after stop is refused', async () => {
  const journal = await startJournal(await scratchFolder());
  await journal.start();
  await journal.append(eventOf(1));
  await journal.stop();
  await journal.stop();
  await expect(journal.append(eventOf(2))).rejects.toMatchObject({ code: 'journal-down' });
});
