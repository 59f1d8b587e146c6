import { readFileSync } from 'node:fs';

/** The most that a process has held in memory so far, in MiB (proc(5), VmHWM). */
export function peakMemoryMib(pid: number): number {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  if (kib === undefined) throw new Error(`No peak memory of process ${pid}`);
  return Number(kib) / 1024;
}
