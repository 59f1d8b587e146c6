import { readFileSync } from 'node:fs';

/** How soon an orphan is noticed (chosen): short enough that a port is free again when a person starts anew. */
const LOOK_EVERY_MS = 300;

/** Calls `onGone` once when process `pid` is no longer our parent (it was killed, and we passed to another). */
export function watchParent(pid, onGone) {
  return watch(() => process.ppid === pid, onGone);
}

/**
 * Calls `onGone` once when the npm that runs us as a script was killed. npm starts scripts through a shell, which some
 * shells replace by the command and others outlive: then it is the shell that is orphaned, and we are not. Seen only
 * where there is a /proc.
 */
export function watchNpm(onGone) {
  const pid = process.ppid;
  const parent = readStat(pid);
  if (parent === null || !/^(ba|da|z|k|a)?sh$/.test(parent.name)) return watchParent(pid, onGone);
  return watch(() => process.ppid === pid && readStat(pid)?.ppid === parent.ppid, onGone);
}

function watch(isThere, onGone) {
  if (process.platform === 'win32') return () => undefined;
  const timer = setInterval(() => {
    if (isThere()) return;
    clearInterval(timer);
    onGone();
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Name and parent of a process, from /proc/<pid>/stat: `pid (name) state ppid …` (proc(5)); null where there is none. */
function readStat(pid) {
  let text;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  const close = text.lastIndexOf(')');
  return { name: text.slice(text.indexOf('(') + 1, close), ppid: Number(text.slice(close + 2).split(' ')[1]) };
}

// Loaded with --import by hand-over.mjs. The variable is taken out so that no process further down watches as well;
// worker threads load this module again and find none.
const parentPid = process.env['ZHUJI_PARENT_PID'];
if (parentPid !== undefined) {
  delete process.env['ZHUJI_PARENT_PID'];
  watchParent(Number(parentPid), () => process.kill(process.pid, 'SIGTERM'));
}
