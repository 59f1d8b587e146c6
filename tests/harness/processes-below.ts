import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Processes that work in a folder or below it. Needs /proc; without it there are none to find. */
export function processesBelow(folder: string): number[] {
  return listProcesses().filter((pid) => {
    const cwd = readCwd(pid);
    return cwd === folder || cwd.startsWith(`${folder}/`);
  });
}

/** Kills them, those that they start meanwhile too. */
export async function killBelow(folder: string): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) {
    const pids = processesBelow(folder);
    if (pids.length === 0) return;
    for (const pid of pids) signal(pid, 'SIGKILL');
    await delay(10);
  }
  throw new Error(`Processes below ${folder} cannot be killed: ${processesBelow(folder).join(' ')}`);
}

/** A process that has ended meanwhile is no error. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  // 0 and below are groups, our own among them.
  if (pid <= 0) throw new Error(`Not a process: ${pid}`);
  try {
    return process.kill(pid, name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

function listProcesses(): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

function readCwd(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // It has ended, or is somebody else's.
    return '';
  }
}
