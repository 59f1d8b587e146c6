import { resolve } from 'node:path';
import { isFaulty, loadConfig, type Config, type Environment } from '../../gateway/config.ts';
import { ConfigError } from '../../gateway/config-error.ts';
import { createLogger } from '../../gateway/log.ts';
import { readHostPort } from '../host-port.ts';
import { createClient } from '../zhuji/client.ts';
import { findFreePort } from './free-port.ts';
import { giveDistrictPast } from './past.ts';
import { loadSecrets, saveSecrets, type DemoSecrets } from './keep.ts';
import { provisionDistrict } from './provision.ts';
import { describeDemo } from './describe.ts';
import { createVirtualDistrict } from './virtual-district.ts';

export type RunningDemo = {
  /** Lets a device of the district press its red key; what it says is printed. */
  readonly press: () => void;
  readonly stop: () => Promise<void>;
};

/** The whole of the demo: a gateway on its embedded servers, a district, simulated devices. */
export async function startDemo(options: {
  readonly env: Environment;
  readonly pressesPerHour: number;
  /** Whether somebody can press Enter. */
  readonly hasKeys: boolean;
  readonly print: (text: string) => void;
}): Promise<RunningDemo> {
  const { print } = options;
  const config = await chooseConfig(options.env, print);
  const dataDir = resolve(config.dataDir);
  const admin: { password?: string } = {};
  const { runGateway } = await import('../../gateway/main.ts');
  const gateway = await runGateway(config, {
    onFirstAdmin: ({ password }) => {
      if (password !== null) admin.password = password;
    },
    onWarning: (warning) => print(`WARNING: ${warning}`),
  });
  try {
    const known = await loadSecrets(dataDir);
    const first: DemoSecrets =
      admin.password === undefined ? known : { ...known, users: { ...known.users, admin: admin.password } };
    const client = createClient({ kind: 'socket', socketPath: gateway.socketPath, dataDir });
    const secrets = await provisionDistrict(client, first, (some) => saveSecrets(dataDir, some));
    const logger = createLogger({ level: config.logLevel });
    const dc09 = gateway.receivers['dc09'] ?? null;
    const { district, phones } = createVirtualDistrict({
      mqttUrl: gateway.mqtt,
      dc09: dc09 === null ? null : readHostPort(dc09),
      secrets,
      pressesPerHour: options.pressesPerHour,
      logger,
    });
    district.start();
    // Beside everything else: nobody waits for it but who ends the demo.
    const past = giveDistrictPast({ ...config, dataDir }, logger, print);
    print(describeDemo({ ...gateway, dc09 }, secrets, options));
    return {
      press: () => {
        const [phone] = phones;
        if (phone === undefined) {
          print(
            'No simulated device: the passwords of the first start are lost; remove the data folder to start anew.',
          );
          return;
        }
        const pressedAt = performance.now();
        phone.press('sos').then(
          () =>
            print(
              `${phone.deviceId} pressed its red key; acknowledged in ${Math.round(performance.now() - pressedAt)} ms`,
            ),
          () => print(`${phone.deviceId} could not press: it was stopped`),
        );
      },
      stop: async () => {
        await district.stop();
        await past;
        await gateway.stop();
      },
    };
  } catch (error) {
    await gateway.stop();
    throw error;
  }
}

/** Where the demo hears alarm panels, unless a setting says otherwise: the port that DC-09 panels are often set to. */
const DC09_PORT = 12_009;

/** Ports that are taken give way to the next free ones; whoever chose a port by a setting is told. */
async function chooseConfig(env: Environment, print: (text: string) => void): Promise<Config> {
  const config = loadConfig({ ZHUJI_LOG_LEVEL: 'warn', ...env });
  if (isFaulty(config)) throw new ConfigError(config);
  const httpPort = await findFreePort(config.httpHost, config.httpPort);
  const mqttPort = await findFreePort(config.mqttHost, config.mqttPort);
  if (httpPort !== config.httpPort) print(`Port ${config.httpPort} (ZHUJI_HTTP_PORT) is in use; taking ${httpPort}.`);
  if (mqttPort !== config.mqttPort) print(`Port ${config.mqttPort} (ZHUJI_MQTT_PORT) is in use; taking ${mqttPort}.`);
  const dc09Wanted = config.dc09Port ?? DC09_PORT;
  const dc09Port = await findFreePort(config.dc09Host, dc09Wanted, true);
  if (config.dc09Port !== null && dc09Port !== dc09Wanted) {
    print(`Port ${dc09Wanted} (ZHUJI_DC09_PORT) is in use; taking ${dc09Port}.`);
  }
  return { ...config, httpPort, mqttPort, dc09Port };
}
