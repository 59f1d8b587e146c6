import { readFile, readdir, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { failedWith } from './embedded-error.ts';

/**
 * A running process, told apart from a later one with the same number by its start time (clock ticks since boot, field 22
 * of proc(5) stat; empty where there is no /proc).
 */
export type ProcessRef = {
  readonly pid: number;
  readonly started: string;
  /** Its binary, where the system tells; ends in ` (deleted)` after an update. */
  readonly exe?: string;
  readonly argv?: readonly string[];
};

/**
 * The process called `name` that works in `folder`, if any. Our servers are started there and stay there, so the working
 * directory proves whose they are: no pid file can point at an innocent process, and none is missed because its starter
 * died before it could note the pid. `pidFile` (first line) is used where there is no /proc.
 */
export async function findByFolder(
  folder: string,
  names: readonly string[],
  pidFile: string,
): Promise<ProcessRef | undefined> {
  if (process.platform !== 'linux') return findByPidFile(pidFile);
  const found: (ProcessRef & { readonly ppid: number })[] = [];
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const seen = await ifThere(() => look(pid, folder, names));
    if (seen !== undefined) found.push(seen);
  }
  // A server's own children work in its folder too.
  return found.find((one) => !found.some((other) => other.pid === one.ppid));
}

export async function refOf(pid: number): Promise<ProcessRef> {
  const stat = await ifThere(() => readStat(pid));
  return { pid, started: stat?.started ?? '' };
}

/** Running, and still the same process; one that only waits to be collected by its parent is not running. */
export async function isRunning(ref: ProcessRef): Promise<boolean> {
  if (process.platform === 'linux') {
    const stat = await ifThere(() => readStat(ref.pid));
    return stat !== undefined && stat.state !== 'Z' && stat.started === ref.started;
  }
  try {
    process.kill(ref.pid, 0);
    return true;
  } catch (error) {
    if (failedWith(error, 'ESRCH')) return false;
    throw error;
  }
}

/** Sends a signal to exactly this process; one that has ended is no error. */
export async function signalTo(ref: ProcessRef, signal: NodeJS.Signals): Promise<void> {
  if (!(await isRunning(ref))) return;
  try {
    process.kill(ref.pid, signal);
  } catch (error) {
    if (!failedWith(error, 'ESRCH')) throw error;
  }
}

async function look(pid: number, folder: string, names: readonly string[]) {
  if ((await readlink(`/proc/${pid}/cwd`)) !== folder) return undefined;
  const argv = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').filter((part) => part !== '');
  // Redis puts its socket behind its name, in one argument.
  const name = basename(argv[0]?.split(' ')[0] ?? '');
  if (!names.includes(name)) return undefined;
  const { state, ppid, started } = await readStat(pid);
  return state === 'Z' ? undefined : { pid, ppid, started, argv, exe: await readlink(`/proc/${pid}/exe`) };
}

/** `pid (name) state ppid … starttime …`, the name possibly with spaces and brackets (proc(5)). */
async function readStat(pid: number): Promise<{ state: string; ppid: number; started: string }> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', ppid: Number(fields[1]), started: fields[19] ?? '' };
}

/** Processes end while they are looked at, and other people's are closed to us. */
async function ifThere<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (failedWith(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return undefined;
    throw error;
  }
}

async function findByPidFile(pidFile: string): Promise<ProcessRef | undefined> {
  try {
    const pid = Number.parseInt(await readFile(pidFile, 'utf8'), 10);
    const ref = { pid, started: '' };
    return Number.isInteger(pid) && (await isRunning(ref)) ? ref : undefined;
  } catch (error) {
    if (failedWith(error, 'ENOENT')) return undefined;
    throw error;
  }
}
