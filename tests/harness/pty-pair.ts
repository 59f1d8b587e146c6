import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { afterwards } from './cleanup.ts';
import { scratchDir } from './scratch.ts';
import { findTool, needTool } from './tools.ts';
import { until } from './until.ts';

/** A serial cable: two real pseudo-terminals, what is written to one is read from the other. Speed and parity mean nothing there. */
export type PtyPair = {
  /** The end of the gateway, and that of the modem or receiver; links that are gone while unplugged. */
  readonly gatewayPath: string;
  readonly devicePath: string;
  /** Both ends hang up and their paths are gone, as with a USB adapter that is pulled. */
  readonly unplug: () => Promise<void>;
  /** At the same paths, as other nodes. */
  readonly plug: () => Promise<void>;
};

/**
 * Plugged in, unless told otherwise; ends with the test, or with the file where `null` stands for its context. Without socat the test is
 * skipped (a failure in CI).
 */
export async function ptyPair(
  context: TestContext | null,
  { isPlugged = true }: { readonly isPlugged?: boolean } = {},
): Promise<PtyPair> {
  const found = context === null ? findTool('socat') : needTool(context, 'socat');
  if (found === undefined) throw new Error('socat is not installed');
  const socat: string = found;
  const folder = await scratchDir();
  const [gatewayPath, devicePath] = [join(folder, 'tty-gateway'), join(folder, 'tty-device')];
  let child: ChildProcess | null = null;

  async function plug(): Promise<void> {
    if (child !== null) return;
    const ends = [gatewayPath, devicePath].map((path) => `pty,raw,echo=0,link=${path}`);
    child = spawn(socat, ends, { cwd: folder, stdio: 'ignore' });
    await until(() => existsSync(gatewayPath) && existsSync(devicePath), { timeoutMs: 30_000, what: 'socat' });
  }

  async function unplug(): Promise<void> {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    // It takes its links away.
    ending.kill('SIGTERM');
    await ended;
  }

  afterwards(unplug);
  if (isPlugged) await plug();
  return { gatewayPath, devicePath, unplug, plug };
}
