import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installMissing } from '../setup/apt.ts';
import { REDIS } from '../setup/needs.ts';
import { openBenchFolder } from './folder.ts';
import { startGenerator, type Generator } from './generator.ts';
import { describeMachine } from './machine.ts';
import { describeRun, putBetweenMarks, type Machine } from './readme.ts';
import { skippedLine, type Line, type Row, type Scale } from './row.ts';
import { openSite } from './site.ts';
import { formatTable } from './table.ts';

const README = join(import.meta.dirname, '..', '..', 'README.md');

const FULL: Scale = {
  repeats: 5,
  spanMs: 4000,
  clients: 1000,
  wearables: 10_000,
  painted: 50,
  residents: 5,
  everyMs: 60_000,
};
const QUICK: Scale = {
  repeats: 1,
  spanMs: 2000,
  clients: 200,
  wearables: 3000,
  painted: 5,
  residents: 2,
  everyMs: 600_000,
};

export type BenchOptions = {
  readonly rows: readonly Row[];
  readonly isQuick: boolean;
  /** Puts the table into the project's README. */
  readonly isWritten: boolean;
  /** How it was called, for whoever wants to do it again. */
  readonly command: string;
  readonly print: (text: string) => void;
  /** Ends it early: what was started is stopped, nothing is written. */
  readonly signal: AbortSignal;
};

export type BenchResult = { readonly lines: readonly Line[]; readonly machine: Machine; readonly isWhole: boolean };

/** Measures row after row, each on a site of its own. A row that fails says so in the table; the others go on. */
export async function runBench(options: BenchOptions): Promise<BenchResult | null> {
  const { rows, isQuick, print, signal } = options;
  if ((await installMissing([REDIS], print)).length > 0) return null;
  const beganMs = performance.now();
  const scale = isQuick ? QUICK : FULL;
  const { path: folder, isDisk } = await openBenchFolder();
  const generators = [startGenerator(), startGenerator()] as const;
  // What is being measured fails then, and is put away.
  const end = (): void => void Promise.all(generators.map(({ stop }) => stop()));
  signal.addEventListener('abort', end);
  const lines: Line[] = [];
  let machine: Machine | null = null;
  let isWhole = true;
  try {
    for (const row of rows) {
      if (signal.aborted) break;
      const startedMs = performance.now();
      try {
        const measured = await runRow(row, join(folder, row.name), generators, scale, print);
        lines.push(...measured.lines);
        machine = measured.machine;
      } catch (error) {
        if (signal.aborted) break;
        isWhole = false;
        print(`${row.name} failed: ${String(error)}`);
        lines.push(failedLine(row.name, error));
      }
      print(`${row.name} took ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
    }
  } finally {
    signal.removeEventListener('abort', end);
    await Promise.all(generators.map(({ stop }) => stop()));
    await rm(folder, { recursive: true, force: true });
  }
  if (signal.aborted) {
    print('Stopped; nothing was written.');
    return null;
  }
  if (!isDisk) lines.push(skippedLine('a disk', 'its folders lie in memory: nothing here says what an fsync costs'));
  const measuredOn = machine ?? (await describeMachine(null));
  const seconds = (performance.now() - beganMs) / 1000;
  const day = new Date().toISOString().slice(0, 10);
  const text = [
    describeRun(measuredOn, { day, seconds, command: options.command, repeats: scale.repeats }),
    '',
    formatTable(lines),
  ].join('\n');
  print(`\n${text}`);
  if (options.isWritten && isWhole) {
    await writeFile(README, putBetweenMarks(await readFile(README, 'utf8'), text));
    print('\nWritten into README.md.');
  }
  return { lines, machine: measuredOn, isWhole };
}

async function runRow(
  row: Row,
  folder: string,
  [generator, presser]: readonly [Generator, Generator],
  scale: Scale,
  print: (text: string) => void,
): Promise<{ readonly lines: Line[]; readonly machine: Machine }> {
  // A site of its own each: nothing that one row left behind weighs on the next.
  const site = await openSite(folder, scale.wearables);
  try {
    const lines = await row.run({ site, generator, presser, scale, print });
    return { lines, machine: await describeMachine(site) };
  } finally {
    await site.stop();
  }
}

function failedLine(name: string, error: unknown): Line {
  return { ...skippedLine(name, ''), ours: 'failed', notes: [`${name}: failed, ${String(error)}`] };
}
