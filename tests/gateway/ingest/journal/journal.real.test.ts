import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../../gateway/clock.ts';
import { Journal } from '../../../../gateway/ingest/journal/journal.ts';
import { scratchDir } from '../../../harness/scratch.ts';

const APPENDER = fileURLToPath(new URL('./appender.fixture.ts', import.meta.url));

/** Runs an appender until it has said `count` ids and a moment more, kills it, and gives the ids that it said. */
async function killAfter(folder: string, count: number, width: number): Promise<string[]> {
  const child = spawn(process.execPath, [APPENDER, folder, String(width)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  const ended = once(child, 'close');
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    said += String(chunk);
    if (said.length > count * 27) child.kill('SIGKILL');
  }
  await ended;
  return said.split('\n').filter((line) => line.length === 26);
}

async function readBack(folder: string): Promise<{ all: Set<string>; unsettled: Set<string> }> {
  const journal = new Journal({ folder, clock: systemClock, logger: pino({ level: 'silent' }) });
  onTestFinished(() => journal.stop());
  await journal.start();
  const all = new Set<string>();
  const unsettled = new Set<string>();
  for await (const event of journal.all()) all.add(event.id);
  for await (const event of journal.unsettled()) unsettled.add(event.id);
  return { all, unsettled };
}

test('every append that resolved is found after kill -9, over many lives', async () => {
  const folder = await scratchDir();
  const acknowledged: string[] = [];
  for (let life = 0; life < 12; life += 1) {
    acknowledged.push(...(await killAfter(folder, Math.floor(Math.random() * 300), 1 + (life % 3) * 8)));
  }
  expect(acknowledged.length).toBeGreaterThan(100);
  const { all, unsettled } = await readBack(folder);
  expect(acknowledged.filter((id) => !all.has(id))).toEqual([]);
  expect(acknowledged.filter((id) => !unsettled.has(id))).toEqual([]);
});

const canTrace = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0;

// kill -9 cannot prove an fsync, the page cache survives it: what proves it is the order of the calls.
test.skipIf(!canTrace)('an append resolves only after fdatasync on its file has returned', async () => {
  const folder = await scratchDir();
  const trace = join(await scratchDir(), 'trace');
  const child = spawn(
    'strace',
    [
      '-f',
      '-qq',
      '-y',
      '-s',
      '200000',
      '-e',
      'trace=fdatasync,write,pwrite64',
      '-o',
      trace,
      process.execPath,
      APPENDER,
      folder,
      '1',
    ],
    { stdio: ['ignore', 'pipe', 'ignore'], detached: true },
  );
  const ended = once(child, 'close');
  let said = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    said += String(chunk);
    if (said.length > 20 * 27 && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }
  await ended;
  const lines = (await readFile(trace, 'utf8')).split('\n');
  const ids = said.split('\n').filter((line) => line.length === 26);
  expect(ids.length).toBeGreaterThan(10);
  for (const id of ids) {
    const written = lines.findIndex((line) => /pwrite64\(.*\.journal/.test(line) && line.includes(id));
    const told = lines.findIndex((line) => / write\(1</.test(line) && line.includes(id));
    expect(written).toBeGreaterThanOrEqual(0);
    expect(told).toBeGreaterThan(written);
    const between = lines.slice(written, told);
    expect(between.some((line) => /fdatasync(\(.*\.journal.*| resumed>.*)\)?\s+= 0$/.test(line))).toBe(true);
  }
});
