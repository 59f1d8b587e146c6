import { LinkError } from '../../../devices/links/link-error.ts';
import { type Config, isFaulty, loadConfig } from '../../../gateway/config.ts';
import { ConfigError } from '../../../gateway/config-error.ts';
import { findTlsFaults } from '../../../gateway/tls-files.ts';
import type { FirstAdmin } from '../../../gateway/registry/first-start.ts';
import { defineCommand } from '../command.ts';
import { waitForSignal } from '../wait-for-signal.ts';

export const serve = defineCommand({
  name: 'serve',
  summary: 'Run the gateway. Once it listens it prints where; with --json as {"pid","http","mqtt"}.',
  options: {},
  run: async ({ env, json, print, printError }) => {
    const config = loadConfig(env);
    if (isFaulty(config)) throw new ConfigError(config);
    const tlsFaults = await findTlsFaults(config);
    if (tlsFaults.length > 0) throw new ConfigError(tlsFaults);
    // Before anything starts, so that a signal during the start is not lost.
    const signal = waitForSignal();
    // Loaded here alone: the other commands need nothing of it and start faster.
    const { runGateway } = await import('../../../gateway/main.ts');
    const gateway = await runGateway(config, {
      onFirstAdmin: (admin) => (json ? printError : print)(formatFirstAdmin(admin)),
      onWarning: (warning) => printError(`WARNING: ${warning}`),
    }).catch((error: unknown) => {
      throw nameSetting(error, config);
    });
    const { pid, http, mqtt } = gateway;
    print(json ? JSON.stringify({ pid, http, mqtt }) : `Zhuji runs: pages ${http}, devices ${mqtt}. Ctrl-C stops it.`);
    await signal;
    await gateway.stop();
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
  return new ConfigError([
    {
      code: isPort ? 'in-use' : 'bad-value',
      key: isPort ? 'ZHUJI_MQTT_PORT' : 'ZHUJI_MQTT_HOST',
      value: String(isPort ? config.mqttPort : config.mqttHost),
      reason: error.message,
    },
  ]);
}
