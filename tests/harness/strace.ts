import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { afterwards } from './cleanup.ts';
import { scratchDir } from './scratch.ts';
import { needTool } from './tools.ts';
import { until } from './until.ts';

const ATTACH_MS = 10_000;

export type Strace = {
  /** Lets the processes go and gives what was written of them. */
  readonly detach: () => Promise<string>;
};

/**
 * Attaches to running processes with all their threads; `args` say what to trace or to inject. Without strace the test is
 * skipped (a failure in CI), where ptrace is not allowed it is skipped, both visibly.
 */
export async function attachStrace(
  context: TestContext,
  pids: readonly number[],
  args: readonly string[],
): Promise<Strace> {
  const path = join(await scratchDir(), 'trace');
  const targets = pids.flatMap((pid) => ['-p', String(pid)]);
  const child = spawn(needTool(context, 'strace'), ['-f', '-o', path, ...args, ...targets], {
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const detach = async (): Promise<string> => {
    if (!isOver()) child.kill('SIGTERM');
    await ended;
    return readFile(path, 'utf8');
  };
  afterwards(async () => {
    if (!isOver()) await detach();
  });
  const isAttached = () => pids.every((pid) => said.includes(`Process ${pid} attached`));
  await until(() => isOver() || isAttached(), { timeoutMs: ATTACH_MS, what: 'strace to attach' });
  if (isOver() && /not permitted|not implemented/i.test(said))
    context.skip(`ptrace is not allowed here: ${said.trim()}`);
  if (isOver()) throw new Error(`strace ended: ${said}`);
  return { detach };
}
