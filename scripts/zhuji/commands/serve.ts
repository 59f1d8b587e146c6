import { flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { LinkError } from '../../../devices/links/link-error.ts';
import { type Config, isFaulty } from '../../../gateway/config.ts';
import { ConfigError } from '../../../gateway/config-error.ts';
import { systemClock } from '../../../gateway/clock.ts';
import { loadConfigWithFiles } from '../../../gateway/secret-files.ts';
import { SETTINGS } from '../../../gateway/settings.ts';
import { findTlsFaults } from '../../../gateway/tls-files.ts';
import type { FirstAdmin } from '../../../gateway/registry/first-start.ts';
import { defineCommand } from '../command.ts';
import { findCompileCache } from '../keeper/compile-cache.ts';
import { keepGateway } from '../keeper/keep.ts';
import { beatForKeeper } from '../keeper/kept.ts';
import type { Listening } from '../keeper/messages.ts';
import { waitForSignal } from '../wait-for-signal.ts';

type Where = Pick<Listening, 'http' | 'mqtt' | 'receivers'>;

export const serve = defineCommand({
  name: 'serve',
  summary:
    'Run the gateway. Once it listens it prints where; with --json as {"pid","http","mqtt"}, and "dc09" where that is heard.',
  options: {},
  run: async ({ env, json, print, printError }) => {
    const config = await loadConfigWithFiles(env);
    if (isFaulty(config)) throw new ConfigError(config);
    const tlsFaults = await findTlsFaults(config);
    if (tlsFaults.length > 0) throw new ConfigError(tlsFaults);
    const tell = (pid: number, { http, mqtt, receivers }: Where): void => {
      const also = Object.entries(receivers).map(([name, address]) => `, ${name} ${address}`);
      if (json) print(JSON.stringify({ pid, http, mqtt, ...receivers }));
      else print(`Zhuji runs: pages ${http}, devices ${mqtt}${also.join('')}. Ctrl-C stops it.`);
    };
    if (config.keeper === 'on') {
      const { createLogger } = await import('../../../gateway/log.ts');
      const compileCache = env['NODE_COMPILE_CACHE'] || (await findCompileCache(config.dataDir));
      return keepGateway({
        entry: fileURLToPath(new URL('../main.ts', import.meta.url)),
        args: ['serve', ...(json ? ['--json'] : [])],
        env: { ...env, ...(compileCache === null ? {} : { NODE_COMPILE_CACHE: compileCache }) },
        // Whoever wants the gateway to end signals the keeper; the worker below it comes and goes.
        onListening: (where) => tell(process.pid, where),
        clock: systemClock,
        logger: createLogger({ level: config.logLevel }),
      });
    }
    // Before anything starts, so that a signal during the start is not lost.
    const signal = waitForSignal();
    const kept = beatForKeeper(env, () => {
      printError('The process that keeps this gateway is gone: it ends as well.');
      process.exit(1);
    });
    // Loaded here alone: the other commands need nothing of it and start faster.
    const { runGateway } = await import('../../../gateway/main.ts');
    // By itself it is written at an orderly end alone; who is killed needs it at the next start. Before anybody waits for us.
    flushCompileCache();
    const gateway = await runGateway(config, {
      ...(kept === null ? {} : { keeperPid: kept.keeperPid, restartedBecause: kept.restartedBecause }),
      onFirstAdmin: (admin) => (json ? printError : print)(formatFirstAdmin(admin)),
      onWarning: (warning) => printError(`WARNING: ${warning}`),
    }).catch((error: unknown) => {
      throw nameSetting(error, config);
    });
    const { pid, http, mqtt, mqttPort, receivers } = gateway;
    if (kept === null) tell(pid, gateway);
    else kept.listening({ http, mqtt, httpPort: Number(new URL(http).port), mqttPort, receivers });
    await signal;
    await gateway.stop();
    kept?.release();
    return 0;
  },
});

function formatFirstAdmin({ username, password }: FirstAdmin): string {
  return password === null
    ? `First start: user ${username} has the password of ZHUJI_ADMIN_PASSWORD.`
    : `First start: user ${username}, password ${password} (shown once, keep it).`;
}

/** A listener knows its address; a person needs the name of the setting. */
function nameSetting(error: unknown, config: Config): unknown {
  if (!(error instanceof LinkError) || error.code === 'stopped') return error;
  const isPort = error.code !== 'listen-failed';
  const [host, port] =
    error.link === 'dc09' ? (['dc09Host', 'dc09Port'] as const) : (['mqttHost', 'mqttPort'] as const);
  const name = isPort ? port : host;
  const { key } = SETTINGS[name];
  const code = isPort ? 'in-use' : 'bad-value';
  return new ConfigError([{ code, key, value: String(config[name]), reason: error.message }]);
}
