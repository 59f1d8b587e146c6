import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { findByFolder, isRunning, refOf, signalTo } from '../../../gateway/embedded/processes.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { until } from '../../harness/until.ts';

/** A process of any name in any folder. */
function begin(cwd: string, argv0: string): ReturnType<typeof spawn> {
  return spawn('sleep', ['60'], { cwd, argv0, stdio: 'ignore' });
}

test('a process is ours only by name and folder together', async () => {
  const [ours, other] = [await scratchDir(), await scratchDir()];
  const stranger = begin(ours, 'sleep');
  const namesake = begin(other, 'redis-server');
  const find = () => findByFolder(ours, ['redis-server'], '/nowhere');
  await until(async () => (await readFile(`/proc/${namesake.pid}/cmdline`, 'utf8')).startsWith('redis'), {
    timeoutMs: 30_000,
    what: 'the namesake',
  });
  expect(await find()).toBeUndefined();
  const server = begin(ours, '/somewhere/redis-server');
  const found = await until(find, { timeoutMs: 30_000, what: 'our server' });
  expect(found.pid).toBe(server.pid);
  for (const child of [stranger, namesake, server]) child.kill('SIGKILL');
});

test('a later process with the same number is never signalled', async () => {
  const child = begin(await scratchDir(), 'sleep');
  const ref = await refOf(child.pid ?? 0);
  const earlier = { ...ref, started: String(Number(ref.started) - 1) };
  expect(await isRunning(ref)).toBe(true);
  expect(await isRunning(earlier)).toBe(false);
  await signalTo(earlier, 'SIGKILL');
  expect(await isRunning(ref)).toBe(true);
  await signalTo(ref, 'SIGKILL');
  await once(child, 'exit');
  expect(await isRunning(ref)).toBe(false);
});
