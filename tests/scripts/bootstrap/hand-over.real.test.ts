import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { processesBelow, signal } from '../../harness/processes-below.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { needTool } from '../../harness/tools.ts';
import { until } from '../../harness/until.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const BOOTSTRAP = join(ROOT, 'scripts', 'bootstrap.mjs');
const PROGRAM = join(import.meta.dirname, 'program.fixture.ts');

type World = {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly output: () => string;
  readonly programPid: () => number;
  readonly ended: Promise<unknown[]>;
};

/** Starts a command in a folder of its own and waits until the program is up. */
async function world(command: string, args: readonly string[], folder?: string): Promise<World> {
  const cwd = folder ?? (await scratchDir());
  const { npm_lifecycle_event: _, ...env } = process.env;
  const child = spawn(command, [...args], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'close');
  await until(() => /up \d+/.test(output), { timeoutMs: 30_000, what: 'the program' });
  return {
    child,
    folder: cwd,
    output: () => output,
    programPid: () => Number(/up (\d+)/.exec(output)?.[1]),
    ended,
  };
}

/** The same as an npm script of a project. */
async function npmWorld(): Promise<World> {
  const folder = await scratchDir();
  const scripts = { program: `node ${BOOTSTRAP} ${PROGRAM}` };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ scripts }));
  return world('npm', ['run', 'program'], folder);
}

const gone = (folder: string) =>
  until(() => processesBelow(folder).length === 0, { timeoutMs: 30_000, what: 'the end of every process' });

test('the program runs on the pinned Node.js, gets one signal once, and its exit code is ours', async () => {
  const { child, output, ended } = await world(process.execPath, [BOOTSTRAP, PROGRAM]);
  expect(output()).toMatch(/up \d+ 24\./);
  child.kill('SIGTERM');
  child.kill('SIGTERM');
  expect(await ended).toEqual([7, null]);
  expect(output()).toMatch(/got {"SIGTERM":1}/);
});

test('a program that dies by a signal lets us die by the same', async () => {
  const { programPid, ended } = await world(process.execPath, [BOOTSTRAP, PROGRAM]);
  signal(programPid(), 'SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
});

test('when we are killed the program ends too', async () => {
  const { child, folder, output } = await world(process.execPath, [BOOTSTRAP, PROGRAM]);
  child.kill('SIGKILL');
  await gone(folder);
  // What it said may still be on its way to us.
  await until(() => /got {"SIGTERM":1}/.test(output()), { timeoutMs: 30_000, what: 'the end of what it said' });
});

test('when npm is killed nothing is left running', async () => {
  const { child, folder } = await npmWorld();
  child.kill('SIGKILL');
  await gone(folder);
});

test('npm passes a signal on once', async () => {
  const { child, output, ended } = await npmWorld();
  child.kill('SIGTERM');
  await ended;
  expect(output()).toMatch(/got {"SIGTERM":1}/);
});

test('Ctrl-C in a terminal reaches the program once, by itself and under npm, and nothing is left running', async (context) => {
  const script = needTool(context, 'script');
  for (const underNpm of [false, true]) {
    const folder = await scratchDir();
    await writeFile(
      join(folder, 'package.json'),
      JSON.stringify({ scripts: { program: `node ${BOOTSTRAP} ${PROGRAM}` } }),
    );
    const command = underNpm ? 'npm run program' : `${process.execPath} ${BOOTSTRAP} ${PROGRAM}`;
    const terminal = await world(script, ['-qec', command, '/dev/null'], folder);
    terminal.child.stdin?.write('\u0003');
    await terminal.ended;
    expect(terminal.output()).toMatch(/got {"SIGINT":1}/);
    await gone(folder);
  }
});

test('without an entry the usage is said and the exit code is 2', async () => {
  const child = spawn(process.execPath, [BOOTSTRAP], { stdio: 'ignore' });
  expect((await once(child, 'exit'))[0]).toBe(2);
});
