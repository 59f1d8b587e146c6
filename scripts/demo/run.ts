import { resolve } from 'node:path';
import { isFaulty, loadConfig, type Config, type Environment } from '../../gateway/config.ts';
import { ConfigError } from '../../gateway/config-error.ts';
import { createLogger } from '../../gateway/log.ts';
import { createClient } from '../zhuji/client.ts';
import { findFreePort } from './free-port.ts';
import { giveDistrictPast } from './past.ts';
import { loadSecrets, saveSecrets, type DemoSecrets } from './keep.ts';
import { provisionDistrict } from './provision.ts';
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
    const { district, devices } = createVirtualDistrict({
      mqttUrl: gateway.mqtt,
      passwords: secrets.devices,
      pressesPerHour: options.pressesPerHour,
      logger,
    });
    district.start();
    // Beside everything else: nobody waits for it but who ends the demo.
    const past = giveDistrictPast({ ...config, dataDir }, logger, print);
    print(describe(gateway, secrets, options));
    return {
      press: () => {
        const [phone] = devices;
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

/** Ports that are taken give way to the next free ones; whoever chose a port by a setting is told. */
async function chooseConfig(env: Environment, print: (text: string) => void): Promise<Config> {
  const config = loadConfig({ ZHUJI_LOG_LEVEL: 'warn', ...env });
  if (isFaulty(config)) throw new ConfigError(config);
  const httpPort = await findFreePort(config.httpHost, config.httpPort);
  const mqttPort = await findFreePort(config.mqttHost, config.mqttPort);
  if (httpPort !== config.httpPort) print(`Port ${config.httpPort} (ZHUJI_HTTP_PORT) is in use; taking ${httpPort}.`);
  if (mqttPort !== config.mqttPort) print(`Port ${config.mqttPort} (ZHUJI_MQTT_PORT) is in use; taking ${mqttPort}.`);
  return { ...config, httpPort, mqttPort };
}

function describe(
  gateway: { readonly http: string; readonly mqtt: string },
  secrets: DemoSecrets,
  { pressesPerHour, hasKeys }: { readonly pressesPerHour: number; readonly hasKeys: boolean },
): string {
  const people = Object.entries(secrets.users).map(([username, password]) => `  ${username.padEnd(12)} ${password}`);
  const phone = Object.entries(secrets.devices)[0];
  const { hostname, port } = new URL(gateway.mqtt);
  const byHand =
    phone === undefined
      ? []
      : [
          'Press a key yourself from another terminal:',
          `  mosquitto_pub -h ${hostname} -p ${port} -q 1 -u ${phone[0]} -P ${phone[1]} \\`,
          `    -t zj/v1/${phone[0]}/alarm -m '{"type":"sos"}'`,
        ];
  return [
    '',
    `Zhuji demo: open  ${gateway.http}`,
    '',
    'Log-ins:',
    ...people,
    '',
    ...byHand,
    '',
    [
      `Simulated devices press about ${pressesPerHour} times an hour.`,
      ...(hasKeys ? ["Enter: 王秀英's phone presses now."] : []),
      'Ctrl-C: stop everything.',
    ].join(' '),
    '',
  ].join('\n');
}
