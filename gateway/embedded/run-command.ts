import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export type CommandResult = { readonly ok: boolean; readonly stdout: string; readonly stderr: string };

/** Runs a short command to its end. A command that fails, hangs or is not there is a result, not an error. */
export async function runCommand(
  command: string,
  args: readonly string[],
  { timeoutMs, argv0 = command }: { readonly timeoutMs: number; readonly argv0?: string },
): Promise<CommandResult> {
  const child = spawn(command, [...args], {
    argv0,
    cwd: '/',
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  const ended = new Promise<{ ok: boolean; reason: string }>((resolve) => {
    child.once('error', (error) => resolve({ ok: false, reason: error.message }));
    child.once('close', (code, signal) => resolve({ ok: code === 0, reason: `ended with ${signal ?? code}` }));
  });
  const [stdout, stderr, { ok, reason }] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { ok, stdout, stderr: ok || stderr !== '' ? stderr : reason };
}
