import { fork, type ChildProcess } from 'node:child_process';
import type { Logger } from 'pino';
import type { Clock } from '../../../gateway/clock.ts';
import { STOP_SIGNALS } from '../../stop-signals.ts';
import { RESTARTED_BECAUSE, type FromWorker, type Listening } from './messages.ts';
import { planRestart } from './plan-restart.ts';
import { StillWatch } from './still-watch.ts';

/** The same signal again within this time is the same key press, come by a second way. Chosen. */
const SAME_SIGNAL_MS = 500;
const TICK_MS = 250;
/** A worker that is silent for so long stands still: no loop of it turns, no alarm is taken. Chosen. */
const STILL_AFTER_MS = 10_000;
/** A stop takes 30 s at most (gateway/main.ts); then it is ended. Chosen. */
const STOP_WITHIN_MS = 40_000;

export type KeepOptions = {
  /** The program and its arguments; a fault in its settings was told before. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called once, when the first worker listens. */
  readonly onListening: (listening: Listening) => void;
  readonly clock: Pick<Clock, 'monoMs'>;
  readonly logger: Logger;
  readonly stillAfterMs?: number;
};

type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/**
 * Keeps a gateway running as a process of its own: starts it anew when it dies or stands still, on the same ports, and ends
 * with it when it is told to. Small, so that nothing in it can break: no network, no disk, no state but this.
 */
export async function keepGateway(options: KeepOptions): Promise<number> {
  const { clock, logger, stillAfterMs = STILL_AFTER_MS } = options;
  const stopped = new AbortController();
  const askedAt = new Map<NodeJS.Signals, number>();
  let worker: ChildProcess | null = null;
  let ports: Readonly<Record<string, string>> = {};
  let hasEverListened = false;
  let quickDeaths = 0;
  let because: string | null = null;

  function onSignal(name: NodeJS.Signals): void {
    const nowMono = clock.monoMs();
    if (nowMono - (askedAt.get(name) ?? Number.NEGATIVE_INFINITY) < SAME_SIGNAL_MS) return;
    askedAt.set(name, nowMono);
    if (worker !== null) setTimeout(() => worker?.kill('SIGKILL'), STOP_WITHIN_MS).unref();
    worker?.kill(name);
    // A frozen process takes no signal but SIGKILL before it goes on.
    worker?.kill('SIGCONT');
    stopped.abort();
  }

  async function runOnce(): Promise<Ended & { readonly hasListened: boolean; readonly livedMs: number }> {
    const startedMono = clock.monoMs();
    const still = new StillWatch(startedMono);
    let hasListened = false;
    const child = fork(options.entry, [...options.args], {
      env: {
        ...options.env,
        ...ports,
        ZHUJI_KEEPER: 'off',
        ...(because === null ? {} : { [RESTARTED_BECAUSE]: because }),
      },
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    worker = child;
    child.on('message', (message: FromWorker) => {
      still.heard();
      if (message.kind !== 'listening') return;
      hasListened = true;
      if (!hasEverListened) options.onListening(message);
      else logger.warn({ workerPid: child.pid }, 'the gateway listens again');
      hasEverListened = true;
      ports = portsOf(message);
    });
    const tickTimer = setInterval(() => {
      const stillMs = still.tick(clock.monoMs());
      if (stillMs < stillAfterMs) return;
      logger.error({ workerPid: child.pid, stillMs: Math.round(stillMs) }, 'the gateway stands still and is ended');
      child.kill('SIGKILL');
    }, TICK_MS);
    const ended = await endOf(child);
    clearInterval(tickTimer);
    worker = null;
    return { ...ended, hasListened, livedMs: clock.monoMs() - startedMono };
  }

  async function run(): Promise<number> {
    for (;;) {
      const ended = await runOnce();
      const plan = planRestart({ ...ended, hasEverListened, isStopping: stopped.signal.aborted, quickDeaths });
      if (plan.do === 'end') return plan.code;
      quickDeaths = plan.quickDeaths;
      because = ended.signal ?? `exit ${ended.code ?? 'unknown'}`;
      logger.error(
        { because, livedMs: Math.round(ended.livedMs), afterMs: plan.afterMs },
        'the gateway died, it is started anew',
      );
      await pause(plan.afterMs, stopped.signal);
      if (stopped.signal.aborted) return 0;
    }
  }

  for (const name of STOP_SIGNALS) process.on(name, onSignal);
  try {
    return await run();
  } finally {
    for (const name of STOP_SIGNALS) process.off(name, onSignal);
  }
}

/** As settings: whoever calls or connects finds the next worker where the first one was. */
function portsOf({ httpPort, mqttPort, receivers }: Listening): Readonly<Record<string, string>> {
  const dc09Port = /\d+$/.exec(receivers['dc09'] ?? '')?.[0];
  return {
    ZHUJI_HTTP_PORT: String(httpPort),
    ZHUJI_MQTT_PORT: String(mqttPort),
    ...(dc09Port === undefined ? {} : { ZHUJI_DC09_PORT: dc09Port }),
  };
}

/** A worker that could not even be started counts as one that died. */
function endOf(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ code: null, signal: null }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const pauseTimer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(pauseTimer);
        resolve();
      },
      { once: true },
    );
  });
}
