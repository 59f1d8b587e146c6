import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createApp } from './app.ts';
import { systemClock } from './clock.ts';
import { listConfigWarnings, type Config } from './config.ts';
import { createLogger } from './log.ts';
import type { FirstAdmin } from './registry/first-start.ts';

/** How long a stop may take before the process ends all the same; servers of its own are then adopted at the next start. */
const STOP_LIMIT_MS = 30_000;

export type RunningGateway = {
  readonly pid: number;
  readonly http: string;
  readonly mqtt: string;
  /** As bound; `mqtt` may name another to devices. */
  readonly mqttPort: number;
  readonly socketPath: string;
  /** Where receivers listen that have a port of their own, `host:port` by their names. */
  readonly receivers: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
};

/**
 * Runs a gateway in this process until `stop`. `onFirstAdmin` is told the password once, where one was made up.
 * @throws ConfigError, EmbeddedError, LinkError, after everything that had started was stopped again
 */
export async function runGateway(
  config: Config,
  options: {
    readonly onFirstAdmin: (admin: FirstAdmin) => void;
    readonly onWarning: (warning: string) => void;
    /** The process to be ended to end this gateway; left out: this one. */
    readonly keeperPid?: number;
    /** Why the run before this one ended, where it was not told to. */
    readonly restartedBecause?: string | null;
  },
): Promise<RunningGateway> {
  const logger = createLogger({ level: config.logLevel });
  for (const warning of listConfigWarnings(config)) options.onWarning(warning);
  const app = await createApp({
    config,
    clock: systemClock,
    logger,
    version: await readVersion(),
    dashboardDir: fileURLToPath(new URL('../dashboard/dist', import.meta.url)),
    onFirstAdmin: options.onFirstAdmin,
    ownerPid: options.keeperPid ?? process.pid,
    restartedBecause: options.restartedBecause ?? null,
  });
  const stop = async (): Promise<void> => {
    const stopTimer = setTimeout(() => {
      logger.fatal('stopping took too long');
      process.exit(1);
    }, STOP_LIMIT_MS);
    await app.stop();
    clearTimeout(stopTimer);
  };
  try {
    const listening = await app.start();
    const { http, mqtt, receivers } = listening;
    logger.info({ http, mqtt, ...receivers }, 'gateway is listening');
    return { pid: process.pid, ...listening, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function readVersion(): Promise<string> {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
