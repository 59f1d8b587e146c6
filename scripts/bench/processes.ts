import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

/** A server of the bench in a process of its own. */
export type Running = { readonly pid: number; readonly port: number; readonly stop: () => Promise<void> };

/** What a process that ended too early said last. */
const LAST_WORDS = 4000;

/** Starts a TypeScript file; answers it with the first line that it says. @throws Error where it ends before it says one */
export async function startProcess(
  path: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<{ readonly pid: number; readonly said: string; readonly stop: () => Promise<void> }> {
  const child = spawn(process.execPath, [path, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  return { pid: child.pid ?? 0, said: await firstLine(child), stop: () => end(child) };
}

/** Memory that a process alone is the reason for, in bytes (`Pss` of smaps_rollup, Linux). */
export async function readMemory(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? Number.NaN) * 1024;
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  let complaint = '';
  const line = Promise.withResolvers<string>();
  // Read on for as long as it runs: a pipe that is full would hold it up.
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    complaint = (complaint + chunk).slice(-LAST_WORDS);
  });
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    if (text.includes('\n')) return;
    text += chunk;
    if (text.includes('\n')) line.resolve(text.slice(0, text.indexOf('\n')));
  });
  child.once('close', (code) => line.reject(new Error(`a server of the bench ended with ${code}: ${complaint}`)));
  return line.promise;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
