import { spawn } from 'node:child_process';
import { watchNpm } from './watch-parent.mjs';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/** The same signal again within this time is the same key press or request, come by a second way. */
const SAME_SIGNAL_MS = 500;

/** Node arguments that make a program end itself when the process that started it is gone. */
const WATCH = ['--import', new URL('./watch-parent.mjs', import.meta.url).href];

/**
 * Runs a command in our place: our stdio, our signals, its exit. Settles with `{code, signal}` once it has ended.
 *
 * One Ctrl-C reaches us up to twice (from the terminal, and passed on by npm) and would reach the child a third time. So
 * the child gets a session of its own, out of the terminal's reach, and from us each signal exactly once. In return
 * nobody but us would end it: with `watched` it ends itself when we are killed, and we end it when the npm that
 * started us is.
 */
export function handOver(command, args, { cwd, stdio = 'inherit', watched = false, shell = false } = {}) {
  return new Promise((resolve, reject) => {
    const env = watched ? { ...process.env, ZHUJI_PARENT_PID: String(process.pid) } : process.env;
    const argv = watched ? [...WATCH, ...args] : args;
    const child = spawn(command, argv, { cwd, stdio, env, shell, detached: process.platform !== 'win32' });
    const lastMs = new Map();
    const forward = (signal) => {
      const now = performance.now();
      if (now - (lastMs.get(signal) ?? -Infinity) < SAME_SIGNAL_MS) return;
      lastMs.set(signal, now);
      child.kill(signal);
    };
    for (const signal of FORWARDED) process.on(signal, forward);
    const startedByNpm = process.env['npm_lifecycle_event'] !== undefined;
    const unwatch = startedByNpm ? watchNpm(() => forward('SIGTERM')) : () => undefined;
    const settle = (finish) => {
      unwatch();
      for (const signal of FORWARDED) process.off(signal, forward);
      finish();
    };
    child.once('error', (error) => settle(() => reject(error)));
    child.once('exit', (code, signal) => settle(() => resolve({ code, signal })));
  });
}

/** Ends this process the way the child ended: by the same code, or by the same signal. */
export function endLike({ code, signal }) {
  if (signal !== null) process.kill(process.pid, signal);
  else process.exitCode = code ?? 1;
}
