import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { createInTurn } from '../in-turn.ts';
import { EmbeddedError } from './embedded-error.ts';
import { boundLog, openLog, readTail } from './log-file.ts';
import { isRunning, refOf, signalTo, type ProcessRef } from './processes.ts';

/** How a server is started, found again and ended. */
export type ServerSpec = {
  readonly name: 'postgres' | 'redis';
  readonly command: string;
  readonly args: readonly string[];
  readonly argv0?: string;
  /** It is started in this folder and found again by it. */
  readonly folder: string;
  readonly logPath: string;
  /** One that is already running on our data, whoever started it. */
  readonly find: () => Promise<ProcessRef | undefined>;
  /** False when it runs, but not with the binary and settings of today: then it is stopped and started anew. */
  readonly isCurrent: (found: ProcessRef) => boolean;
  /** True once it takes commands. */
  readonly isReady: () => Promise<boolean>;
  /** Whether the end of its log says that something of its predecessor lingers, and so that trying again may help. */
  readonly isHeldUp?: (logTail: string) => boolean;
  /** From polite to final, each with the time it is given. */
  readonly stopSignals: readonly { readonly signal: NodeJS.Signals; readonly waitMs: number }[];
};

export type ServerProcess = {
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly isUp: () => boolean;
  readonly pid: () => number | undefined;
};

/** A server replays its log before it answers; a large one may take this long (chosen). */
const READY_MS = 120_000;
/** A server found running is given this long to answer before it is replaced (chosen). */
const ADOPT_MS = 10_000;
const POLL_MS = 25;
const WATCH_MS = 250;
const BACK_OFF_MS = { first: 100, most: 5_000 };
/** Up for this long, it has recovered, and the next restart is quick again. */
const STEADY_MS = 30_000;
const BOUND_LOG_MS = 30_000;
const FIRST_START_TRIES = 3;
/**
 * Processes of a killed predecessor count as alive until somebody collects them, and the first process of a container may
 * take seconds over it. Chosen.
 */
const LINGER_MS = 30_000;

/**
 * Runs one server in a session of its own, so that neither Ctrl-C nor the death of the gateway ends it: what the gateway
 * acknowledged goes on existing, and the next start takes the server over. While started, a server that dies is started
 * again, for ever, with back-off: a full disk may be emptied.
 */
export function createServerProcess(spec: ServerSpec, logger: Logger, clock: Clock): ServerProcess {
  let current: ProcessRef | undefined;
  let up = false;
  let watching: Promise<void> | undefined;
  let sleep = new AbortController();
  /** Every stop ends the starts that were asked for before it. */
  let stops = 0;
  let startedAfter = -1;
  const isWanted = (): boolean => startedAfter === stops;
  /** Start and stop never overlap, in whatever order they are called. */
  const inTurn = createInTurn();

  async function start(after: number): Promise<void> {
    if (watching !== undefined) return;
    startedAfter = after;
    sleep = new AbortController();
    await adopt();
    const lingersUntil = clock.monoMs() + LINGER_MS;
    for (let tries = 1; current === undefined; tries += 1) {
      try {
        await launch();
      } catch (error) {
        const mayPass = tries < FIRST_START_TRIES || (clock.monoMs() < lingersUntil && (await isHeldUp()));
        if (!isWanted() || !isFailure(error) || !mayPass) throw error;
        await pause(BACK_OFF_MS.first * 5);
      }
    }
    watching = watch();
  }

  async function isHeldUp(): Promise<boolean> {
    return spec.isHeldUp !== undefined && spec.isHeldUp(await readTail(spec.logPath));
  }

  async function adopt(): Promise<void> {
    const found = await spec.find();
    if (found === undefined) return;
    if (spec.isCurrent(found) && (await waitReady(found, ADOPT_MS)) === 'ready') {
      logger.info({ server: spec.name, serverPid: found.pid }, 'embedded server adopted');
      current = found;
      up = true;
      return;
    }
    logger.warn({ server: spec.name, serverPid: found.pid }, 'embedded server replaced');
    await end(found);
  }

  async function launch(): Promise<void> {
    await boundLog(spec.logPath);
    const log = await openLog(spec.logPath);
    let ref: ProcessRef;
    try {
      ref = await begin(log.fd);
    } finally {
      await log.close();
    }
    const outcome = await waitReady(ref, READY_MS);
    if (outcome === 'ready') {
      logger.info({ server: spec.name, serverPid: ref.pid }, 'embedded server started');
      current = ref;
      up = true;
      return;
    }
    await end(ref);
    if (outcome === 'stopped') throw new EmbeddedError('stopped', `${spec.name} was stopped before it was ready`);
    const tail = await readTail(spec.logPath);
    throw outcome === 'ended'
      ? new EmbeddedError('server-failed', `${spec.name} ended before it was ready (${spec.logPath}):\n${tail}`)
      : new EmbeddedError('server-silent', `${spec.name} did not answer in ${READY_MS / 1000} s (${spec.logPath})`);
  }

  function begin(logFd: number): Promise<ProcessRef> {
    const child = spawn(spec.command, [...spec.args], {
      cwd: spec.folder,
      detached: true,
      stdio: ['ignore', logFd, logFd],
      env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
      ...(spec.argv0 === undefined ? {} : { argv0: spec.argv0 }),
    });
    child.unref();
    return new Promise((resolve, reject) => {
      child.once('error', (error) => {
        reject(new EmbeddedError('server-failed', `${spec.name} could not be started`, { cause: error }));
      });
      child.once('spawn', () => resolve(refOf(child.pid ?? 0)));
    });
  }

  async function waitReady(ref: ProcessRef, limitMs: number): Promise<'ready' | 'ended' | 'silent' | 'stopped'> {
    const until = clock.monoMs() + limitMs;
    while (clock.monoMs() < until) {
      if (!isWanted()) return 'stopped';
      if (!(await isRunning(ref))) return 'ended';
      if (await spec.isReady()) return 'ready';
      await pause(POLL_MS);
    }
    return 'silent';
  }

  async function watch(): Promise<void> {
    let backOffMs = BACK_OFF_MS.first;
    let upSince = clock.monoMs();
    let boundAt = upSince;
    while (isWanted()) {
      if (current !== undefined && (await isRunning(current))) {
        if (clock.monoMs() - upSince > STEADY_MS) backOffMs = BACK_OFF_MS.first;
        if (clock.monoMs() - boundAt > BOUND_LOG_MS) {
          boundAt = clock.monoMs();
          await attempt('embedded server log not bounded', () => boundLog(spec.logPath));
        }
        await pause(WATCH_MS);
        continue;
      }
      if (up) logger.error({ server: spec.name, serverPid: current?.pid }, 'embedded server died');
      up = false;
      current = undefined;
      await pause(backOffMs);
      if (!isWanted()) return;
      backOffMs = Math.min(backOffMs * 2, BACK_OFF_MS.most);
      if (await attempt('embedded server not restarted', launch)) upSince = clock.monoMs();
    }
  }

  /** A failure while running is logged and tried again; it must not end the watch. */
  async function attempt(failure: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (isWanted()) logger.error({ server: spec.name, err: error }, failure);
      return false;
    }
  }

  async function end(ref: ProcessRef): Promise<void> {
    for (const { signal, waitMs } of spec.stopSignals) {
      await signalTo(ref, signal);
      // A frozen process takes no signal but SIGKILL before it goes on.
      await signalTo(ref, 'SIGCONT');
      const until = clock.monoMs() + waitMs;
      while (clock.monoMs() < until) {
        if (!(await isRunning(ref))) return;
        await delay(POLL_MS);
      }
      logger.warn({ server: spec.name, serverPid: ref.pid, signal }, 'embedded server did not end');
    }
  }

  async function pause(ms: number): Promise<void> {
    try {
      await delay(ms, undefined, { signal: sleep.signal });
    } catch (error) {
      if (!sleep.signal.aborted) throw error;
    }
  }

  async function stop(): Promise<void> {
    await watching;
    watching = undefined;
    const ref = current;
    current = undefined;
    up = false;
    if (ref === undefined) return;
    await end(ref);
    logger.info({ server: spec.name, serverPid: ref.pid }, 'embedded server stopped');
  }

  return {
    start: () => {
      const after = stops;
      return inTurn(() => start(after));
    },
    stop: () => {
      stops += 1;
      sleep.abort();
      return inTurn(stop);
    },
    isUp: () => up,
    pid: () => current?.pid,
  };
}

function isFailure(error: unknown): boolean {
  return error instanceof EmbeddedError && error.code === 'server-failed';
}
