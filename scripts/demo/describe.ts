import { encodeDc09Event } from '../../protocols/sia-dc09/encode.ts';
import { readHostPort } from '../host-port.ts';
import { DEMO_HOMES } from './district.ts';
import type { DemoSecrets } from './keep.ts';

/** What stands in the terminal once everything runs. `dc09`: `host:port` of the receiver of alarm panels. */
export function describeDemo(
  gateway: { readonly http: string; readonly mqtt: string; readonly dc09: string | null },
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
  const panels = gateway.dc09 === null ? [] : describePanels(gateway.dc09);
  return [
    '',
    `Zhuji demo: open  ${gateway.http}`,
    '',
    'Log-ins:',
    ...people,
    '',
    ...byHand,
    ...panels,
    '',
    [
      `Simulated devices press about ${pressesPerHour} times an hour.`,
      ...(hasKeys ? ["Enter: 王秀英's phone presses now."] : []),
      'Ctrl-C: stop everything.',
    ].join(' '),
    '',
  ].join('\n');
}

function describePanels(receiver: string): readonly string[] {
  const address = readHostPort(receiver);
  if (address === null) return [];
  const inClear = DEMO_HOMES.flatMap(({ devices }) => devices).find(
    ({ account, newKeyBits }) => account !== undefined && newKeyBits === undefined,
  );
  const account = inClear?.account ?? '';
  return [
    `Alarm panels (SIA DC-09) call ${receiver}, over TCP and UDP. As ${inClear?.id}, a panel in clear:`,
    `  printf '${frameToType(account)}' | nc -q 1 ${address.host} ${address.port}`,
  ];
}

/** The red button of zone 1, as `printf` takes it. Its number is one to which the simulated panel hardly comes. */
function frameToType(account: string): string {
  const frame = { token: 'SIA-DCS', sequence: 9001, line: '0', account, data: `#${account}|Nri1/QA01` } as const;
  const text = new TextDecoder().decode(encodeDc09Event({ ...frame, xdata: [], crcStyle: 'hex' }));
  return `\\n${text.trim()}\\r`;
}
